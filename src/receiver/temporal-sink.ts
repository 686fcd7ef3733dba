import type { Client } from '@temporalio/client';
import { alertPayload, type Alert } from '../domain/alerts/alert.js';
import { workflowIdOf, readWorkflowId, WORKFLOW_TYPE } from '../domain/run/workflow-id.js';
import { ALERT_SIGNAL } from '../domain/people/steering.js';
import { beginsAt } from '../temporal/begins-at.js';
import { readRemembered } from '../temporal/left-with-server.js';
import type { AlertSink, Found } from './alert-sink.js';
import { WorkflowNotFoundError } from '../temporal/sdk.js';

const SERVER_MS = 5_000;
/** A probe of health asks often and waits little. */
const HEALTH_MS = 2_000;
/** So many of the newest go-lives say which environments there are. */
const RUNS_LOOKED_AT = 500;

/** Makes signals `alert` for the go-lives of a namespace. */
export class TemporalSink implements AlertSink {
  constructor(private readonly client: Client) {}

  async lookFor(environment: string): Promise<Found> {
    const description = await this.#bounded(() =>
      this.client.workflow.getHandle(workflowIdOf({ environment })).describe(),
    ).catch(absent);
    if (!description) {
      const known = await this.#environments();
      return known.length === 0 || known.includes(environment)
        ? { kind: 'no-go-live' }
        : { kind: 'no-environment', known };
    }
    // A signal would begin one that waits for its time.
    if (!['RUNNING', 'PAUSED'].includes(description.status.name) || beginsAt(description) !== undefined)
      return { kind: 'no-go-live' };
    const triggers = readRemembered(description.memo)?.externalTriggers;
    return {
      kind: 'open',
      goLive: description.raw.workflowExecutionInfo?.firstRunId || description.runId,
      ...(triggers === undefined ? {} : { triggers }),
    };
  }

  /** Where the server knows go-lives, open and ended; none when it can't say. */
  async #environments(): Promise<readonly string[]> {
    const known = new Set<string>();
    let looked = 0;
    try {
      await this.#bounded(async () => {
        for await (const { workflowId } of this.client.workflow.list({ query: `WorkflowType = '${WORKFLOW_TYPE}'` })) {
          const environment = readWorkflowId(workflowId)?.environment;
          if (environment !== undefined) known.add(environment);
          looked += 1;
          if (looked >= RUNS_LOOKED_AT) break;
        }
      });
    } catch {
      return []; // what nobody can look up is not held against the sender
    }
    return [...known].sort();
  }

  async tell(environment: string, alert: Alert): Promise<boolean> {
    const handle = this.client.workflow.getHandle(workflowIdOf({ environment }));
    return (
      (await this.#bounded(async () => (await handle.signal(ALERT_SIGNAL, alertPayload(alert)), true)).catch(absent)) ??
      false
    );
  }

  async check(): Promise<void> {
    await this.client.withDeadline(Date.now() + HEALTH_MS, () =>
      this.client.workflowService.describeNamespace({ namespace: this.client.options.namespace }),
    );
  }

  #bounded<T>(call: () => Promise<T>): Promise<T> {
    return this.client.withDeadline(Date.now() + SERVER_MS, call);
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

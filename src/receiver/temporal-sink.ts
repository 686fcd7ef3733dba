import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { alertPayload, type Alert } from '../domain/alert.js';
import { workflowIdOf } from '../domain/input.js';
import { ALERT_SIGNAL } from '../domain/steering.js';
import { beginsAt } from '../temporal/begins-at.js';
import type { AlertSink } from './alert-sink.js';

const SERVER_MS = 5_000;
/** A probe of health asks often and waits little. */
const HEALTH_MS = 2_000;

/** Makes signals `alert` for the go-lives of a namespace. */
export class TemporalSink implements AlertSink {
  constructor(private readonly client: Client) {}

  async openGoLive(environment: string): Promise<string | undefined> {
    const description = await this.#bounded(() =>
      this.client.workflow.getHandle(workflowIdOf({ environment })).describe(),
    ).catch(absent);
    // A signal would begin one that waits for its time.
    if (!description || !['RUNNING', 'PAUSED'].includes(description.status.name) || beginsAt(description) !== undefined)
      return undefined;
    return description.raw.workflowExecutionInfo?.firstRunId || description.runId;
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

import type { Client } from '@temporalio/client';
import type { GoLiveInput } from '../domain/run/input.js';
import type { Remembered } from '../domain/run/remembered.js';
import { firstValue, list, object, text } from './shape.js';

const remembered = object(
  {},
  {
    phase: text,
    since: text,
    release: text,
    previousRelease: text,
    planHash: text,
    outcome: text,
    backup: text,
    decisionOwner: text,
    holds: list(object({ id: text }, { reason: text, choices: list(text), openedAt: text })),
    host: text,
    externalTriggers: list(text),
    stop: object({ kind: text, reason: text, by: text, at: text }),
  },
);

/** The memo `goLive` of a run; anyone may have written it, so only what has the right shape counts. */
export const readRemembered = (memo: Record<string, unknown> | undefined): Remembered | undefined =>
  remembered(memo?.['goLive']);

/** What the run was started with, from its first event; undefined when that isn't the input of a go-live. */
export async function readInput(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<Partial<GoLiveInput> | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const raw = firstValue(history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input);
  if (raw === undefined) return undefined; // no JSON: not started as a go-live is, and the workflow refuses it
  // Few commands have to read it, and the schema takes a while to load.
  const { goLiveInputSchema } = await import('../domain/run/input.js');
  return goLiveInputSchema().safeParse(raw).data;
}

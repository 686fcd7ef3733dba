import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { goLiveInputSchema, type GoLiveInput } from '../domain/run/input.js';
import type { Remembered } from '../domain/run/remembered.js';

const said = z.string().optional().catch(undefined);
const remembered = z.object({
  phase: said,
  since: said,
  release: said,
  previousRelease: said,
  planHash: said,
  outcome: said,
  backup: said,
  decisionOwner: said,
  holds: z
    .array(
      z.object({
        id: z.string(),
        reason: said,
        choices: z.array(z.string()).optional().catch(undefined),
        openedAt: said,
      }),
    )
    .optional()
    .catch(undefined),
  host: said,
  externalTriggers: z.array(z.string()).optional().catch(undefined),
  stop: z.object({ kind: z.string(), reason: z.string(), by: z.string(), at: z.string() }).optional().catch(undefined),
});

/** The memo `goLive` of a run; anyone may have written it, so only what has the right shape counts. */
export function readRemembered(memo: Record<string, unknown> | undefined): Remembered | undefined {
  const parsed = remembered.safeParse(memo?.['goLive']);
  return parsed.success ? parsed.data : undefined;
}

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
  const data = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  if (!data) return undefined;
  try {
    const parsed = goLiveInputSchema().safeParse(JSON.parse(Buffer.from(data).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // no JSON: not started as a go-live is, and the workflow refuses it
  }
}

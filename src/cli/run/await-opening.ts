import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { statusQuery } from '../../workflows/people/messages.js';
import type { BegunRun } from './begin-run.js';
import type { FoundServer } from '../server/find-server.js';
import { describeRun, endOf } from './look-at-run.js';
import type { Ending } from './follow-run.js';
import { pendingWork } from './pending-work.js';
import { serverFault } from '../server/server-fault.js';

/** Long enough for a first failure and some further attempts; the run itself tries for 30 s. */
const PATIENCE_MS = 4_000;
/** One that is refused tells people before it ends, for ten seconds at most. */
const ENDING_MS = 15_000;
const LOOK_EVERY_MS = 150;

/** How far a run has come right after its start. `unknown`: nobody has answered yet. */
export type Opened =
  | { readonly kind: 'opened'; readonly planHash: string }
  | { readonly kind: 'ended'; readonly ending: Ending }
  | { readonly kind: 'failing'; readonly why: string }
  | { readonly kind: 'unknown' };

/** Waits a little for a run to freeze its plan: what is wrong with a start (no such environment, a missing variable) shows then. */
export async function awaitOpening(client: Client, run: BegunRun, server: FoundServer): Promise<Opened> {
  try {
    for (const begun = Date.now(); ; await sleep(LOOK_EVERY_MS)) {
      const waited = Date.now() - begun;
      const opened = await look(client, run, server, begun + PATIENCE_MS);
      if (opened === 'ends') {
        if (waited >= PATIENCE_MS + ENDING_MS) return { kind: 'unknown' };
      } else if (waited >= PATIENCE_MS || opened.kind === 'opened' || opened.kind === 'ended') return opened;
    }
  } catch (error) {
    if (serverFault(error) === undefined) throw error;
    return { kind: 'unknown' }; // the server is away: the run was started all the same, and is kept there
  }
}

async function look(
  client: Client,
  { workflowId, runId }: BegunRun,
  server: FoundServer,
  until: number,
): Promise<Opened | 'ends'> {
  const { status, raw } = await describeRun(client, workflowId, server);
  if (status.name !== 'RUNNING') {
    const { result, failure } = await endOf(client, workflowId, runId);
    return {
      kind: 'ended',
      ending: result ? { kind: 'result', result } : { kind: 'no-result', why: failure ?? 'nothing more is known' },
    };
  }
  // Without an answer, for whatever reason, the server's own view decides.
  const planHash = await client
    .withDeadline(Math.max(until, Date.now() + LOOK_EVERY_MS), () =>
      client.workflow.getHandle(workflowId, runId).query(statusQuery),
    )
    .then(
      (answer) => (answer.phase === 'ended' ? 'ends' : answer.planHash),
      () => '',
    );
  if (planHash === 'ends') return 'ends';
  if (planHash) return { kind: 'opened', planHash };
  const why = pendingWork(raw, new Map()).find(({ activity }) => activity === 'openRun')?.lastFailure;
  return why === undefined ? { kind: 'unknown' } : { kind: 'failing', why };
}

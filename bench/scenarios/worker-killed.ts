import type proto from '@temporalio/proto';
import type { Bench, Scenario } from '../scenario.js';
import type { Side, Soaking } from '../side.js';
import { BENCH, type Stand } from '../stand.js';
import { soakingStand } from './abort.js';

type Event = proto.temporal.api.history.v1.IHistoryEvent;

export const workerKilled: Scenario = {
  name: 'worker-killed',
  title: 'Abort after the death of a worker',
  says: 'Two workers; the one that carried the run on last is killed with SIGKILL, and the abort is sent right after. Taken up: the workflow task after it was completed, by the history. The twin has two workers as well, on the same server with the same settings.',
  async measure(bench) {
    const stand = await soakingStand(bench);
    await Promise.all(stand.sides.map(({ of }) => stand.startWorker(of)));
    const runs = bench.runs({ quick: 1, usual: 12 });
    for (let run = 1; run <= runs; run++) for (const side of stand.sides) await killOnce(bench, stand, side);
    await Promise.all(stand.sides.map(({ of }) => stand.stopWorker(of)));
  },
};

async function killOnce(bench: Bench, stand: Stand, side: Side): Promise<void> {
  const soaking = await side.soak(BENCH);
  await stand.killWorker(side.of, await carrierOf(stand, side, soaking));
  const from = await soaking.abort();
  bench.take('abort sent → rollback process began', side.of, 'ms', (await soaking.began()) - from);
  await soaking.over();
  const { events } = await soaking.handle.fetchHistory();
  bench.take('abort sent → taken up', side.of, 'ms', takenUpAt(events ?? []) - from);
  await stand.startWorker(side.of);
}

/** The worker that has done the last workflow task: the server gives it the next one too. */
async function carrierOf(stand: Stand, { of }: Side, { handle }: Soaking) {
  const { events } = await handle.fetchHistory();
  const last = events?.findLast(({ workflowTaskStartedEventAttributes: started }) => started);
  const identity = last?.workflowTaskStartedEventAttributes?.identity ?? '';
  const carrier = stand.workers(of).find(({ pid }) => identity.startsWith(`${pid}@`));
  if (!carrier) throw new Error(`No worker of the ${of} is "${identity}", which carried ${handle.workflowId} on.`);
  return carrier;
}

function takenUpAt(events: readonly Event[]): number {
  const signalled = events.findIndex((event) => event.workflowExecutionSignaledEventAttributes);
  const done = events.slice(signalled).find((event) => event.workflowTaskCompletedEventAttributes);
  return Number(done?.eventTime?.seconds) * 1_000 + Number(done?.eventTime?.nanos) / 1e6;
}

import { Workshop } from '../../test/support/workshop.js';
import { bytesOf, eventsOfRealRun } from '../../test/support/events-of-a-real-run.js';
import { WorkflowLab, type GoLiveHandle } from '../../test/support/workflow-lab.js';
import { planFor } from '../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../src/plans/playbook-file.js';
import type { Scenario } from '../scenario.js';
import { within } from '../within.js';

const EXAMPLE = 'examples/aris3/golive.yaml';

export const events: Scenario = {
  name: 'events',
  title: 'The history of 72 hours',
  says: 'A healthy go-live by the playbook of the real ARIS3 with 72 h of hypercare and 24 reviews, in the scripted world of the workflow tests, on a server that skips time.',
  async measure(bench) {
    const ending = bench.ending.child();
    try {
      const workshop = await Workshop.open({});
      await ending.add(() => workshop.close());
      const lab = await WorkflowLab.open({}, workshop);
      await ending.add(() => lab.close());
      const { hypercare } = planFor(await readPlaybookFile(EXAMPLE), 'prod');
      // Whoever closes it by hand says what was learned: that is no part of what is counted.
      const room = await lab.room((plan) => ({ ...plan, hypercare: { ...hypercare, exit: {} } }));
      const handle = await room.start();
      const { outcome, hypercare: care } = await within('The end of hypercare', handle.result());
      if (outcome !== 'completed' || care?.reviews.length !== 24)
        throw new Error(`The go-live was ${outcome} with ${care?.reviews.length ?? 0} reviews, not completed with 24.`);
      const { count, bytes, longest } = await chain(lab, handle);
      bench.take('events', 'golive', '', count);
      bench.take('events of its longest run', 'golive', '', longest);
      bench.take('history', 'golive', 'KiB', bytes / 1_024);
    } finally {
      await ending.end();
    }
  },
};

/** All runs of a workflow that goes on as new. */
async function chain(lab: WorkflowLab, { workflowId }: GoLiveHandle) {
  let [count, bytes, longest] = [0, 0, 0];
  for (let runId: string | undefined; ;) {
    const run = lab.client.workflow.getHandle(workflowId, runId);
    const all = (await run.fetchHistory()).events ?? [];
    // Without what only a run has whose time is skipped.
    const own = eventsOfRealRun(all);
    count += own.length;
    longest = Math.max(longest, own.length);
    bytes += bytesOf(own);
    runId = all[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (runId === undefined) return { count, bytes, longest };
  }
}

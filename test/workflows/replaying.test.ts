import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { WorkflowLab } from '../support/workflow-lab.js';

// A go-live that is under way meets a new version of golive: what was recorded has to replay (see test/support/record-histories.ts).
test('every recorded history replays', async () => {
  const files = (await readdir('test/histories')).filter((name) => name.endsWith('.binpb'));
  expect(files.length).toBeGreaterThanOrEqual(5);
  for (const file of files) {
    const history = proto.temporal.api.history.v1.History.decode(await readFile(`test/histories/${file}`));
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    await WorkflowLab.replay({ workflowId: started?.workflowId ?? '', fetchHistory: () => Promise.resolve(history) });
  }
});

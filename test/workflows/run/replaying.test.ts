import { readdir, readFile } from 'node:fs/promises';
import { afterAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import type { GoLiveResult, Outcome } from '../../../src/domain/run/status.js';
import { OpenReplay } from '../../../sandbox/open-replay.js';
import { quiet } from '../../support/quiet.js';

type History = proto.temporal.api.history.v1.IHistory;

const files = (await readdir('test/histories')).filter((name) => name.endsWith('.binpb'));
const recorded = async (file: string): Promise<History> =>
  proto.temporal.api.history.v1.History.decode(await readFile(`test/histories/${file}`));

quiet();
const replay = new OpenReplay();
afterAll(() => replay.close());

// A go-live that is under way meets a new version of golive: what was recorded has to replay (see test/support/record-histories.ts).
test.each(files)('%s, a recorded history, replays', async (file) => {
  const history = await recorded(file);
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  await replay.of({ workflowId: started?.workflowId ?? '', history });
});

test('every outcome has a recorded history', async () => {
  const outcomes: Record<Outcome, true> = {
    rehearsed: true,
    rejected: true,
    aborted: true,
    completed: true,
    'rolled-back': true,
    'rollback-failed': true,
  };
  expect(files.length).toBeGreaterThanOrEqual(5);
  const ends = (await Promise.all(files.map(recorded))).map(outcomeOf);
  expect(Object.keys(outcomes).filter((outcome) => !ends.includes(outcome))).toEqual([]);
});

function outcomeOf({ events }: History): string {
  const data = events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data;
  return data ? (JSON.parse(new TextDecoder().decode(data)) as GoLiveResult).outcome : 'none';
}

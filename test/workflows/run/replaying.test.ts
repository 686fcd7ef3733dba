import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type proto from '@temporalio/proto';
import type { GoLiveResult, Outcome } from '../../../src/domain/run/status.js';
import { OpenReplay } from '../../../sandbox/open-replay.js';
import { quiet } from '../../support/quiet.js';
import { digestOf, HISTORIES, readDigests, recordedFiles, recordedHistory } from '../../support/recorded-histories.js';

const files = await recordedFiles();

quiet();
const replay = new OpenReplay();
afterAll(() => replay.close());

// A go-live that is under way meets a new version of golive: what was recorded has to replay (see test/support/record-histories.ts).
test.each(files)('%s, a recorded history, replays', async (file) => {
  const history = await recordedHistory(file);
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  await replay.of({ workflowId: started?.workflowId ?? '', history });
});

test('recorded histories are append-only: none has changed, none is gone, none came in by another way', async () => {
  const found = await Promise.all(
    files.map(async (file) => [file, digestOf(await readFile(path.join(HISTORIES, file)))] as const),
  );
  expect(Object.fromEntries(found)).toEqual(await readDigests());
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
  const ends = (await Promise.all(files.map(recordedHistory))).map(outcomeOf);
  expect(Object.keys(outcomes).filter((outcome) => !ends.includes(outcome))).toEqual([]);
});

function outcomeOf({ events }: proto.temporal.api.history.v1.IHistory): string {
  const data = events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data;
  return data ? (JSON.parse(new TextDecoder().decode(data)) as GoLiveResult).outcome : 'none';
}

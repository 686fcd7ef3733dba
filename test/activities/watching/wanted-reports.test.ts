import { expect, test } from '@jest/globals';
import type { WorkflowInfo } from '@temporalio/workflow';
import { WantedReports } from '../../../src/activities/watching/wanted-reports.js';

function wanting() {
  const reports = new WantedReports();
  const want = (runId: string, segment: number) =>
    void reports.sinks.watching.reportWanted.fn({ runId } as WorkflowInfo, segment);
  const heard: string[] = [];
  const listen = (runId: string, segment: number, as = `${runId} ${segment}`) =>
    reports.listen(runId, segment, () => heard.push(as));
  return { want, listen, heard };
}

test('a segment hears that its report is wanted, until it has ended; no other does', () => {
  const { want, listen, heard } = wanting();
  const end = listen('a', 1);
  listen('a', 2);
  listen('b', 1);
  want('a', 1);
  expect(heard).toEqual(['a 1']);
  end();
  want('a', 1);
  expect(heard).toEqual(['a 1']);
});

test('one that is wanted before it runs hears it when it begins, once', () => {
  const { want, listen, heard } = wanting();
  want('a', 1);
  listen('a', 2);
  expect(heard).toEqual([]);
  listen('a', 1)();
  listen('a', 1);
  expect(heard).toEqual(['a 1']);
});

test('the end of an attempt doesn’t end what the next one hears', () => {
  const { want, listen, heard } = wanting();
  const end = listen('a', 1, 'first');
  listen('a', 1, 'second');
  end();
  want('a', 1);
  expect(heard).toEqual(['second']);
});

test('of those that never run the latest thousand are remembered', () => {
  const { want, listen, heard } = wanting();
  for (let segment = 0; segment <= 1_000; segment++) want('a', segment);
  for (const segment of [0, 1, 1_000]) listen('a', segment);
  expect(heard).toEqual(['a 1', 'a 1000']);
});

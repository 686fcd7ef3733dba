import { describe, expect, test } from '@jest/globals';
import { rolledBackStages, stoppedStages, withStage } from '../../../src/domain/run/stages.js';
import type { StageStatus } from '../../../src/domain/run/status.js';

const T1 = '2026-05-02T02:01:00.000Z';
const T2 = '2026-05-02T02:02:00.000Z';
const pending: readonly StageStatus[] = [
  { name: 'canary', state: 'pending' },
  { name: '25', state: 'pending' },
];

describe('a stage that goes on', () => {
  test('knows since when, and keeps when it began and what answered', () => {
    const deploying = withStage(pending, { name: 'canary', state: 'deploying', deadline: T2 }, T1);
    expect(deploying[0]).toEqual({ name: 'canary', state: 'deploying', beganAt: T1, since: T1, deadline: T2 });
    const answered = withStage(deploying, { name: 'canary', state: 'deploying', answers: 'RC.3 ×2' }, T2);
    expect(answered[0]).toEqual({ name: 'canary', state: 'deploying', beganAt: T1, since: T1, answers: 'RC.3 ×2' });
    const done = withStage(answered, { name: 'canary', state: 'done' }, T2);
    expect(done[0]).toEqual({ name: 'canary', state: 'done', beganAt: T1, since: T2, answers: 'RC.3 ×2' });
    expect(done[1]).toEqual(pending[1]);
  });

  test('is in a state since the moment that is said, if one is', () => {
    const [soaking] = withStage(pending, { name: 'canary', state: 'soaking', since: T1 }, T2);
    expect(soaking).toMatchObject({ since: T1, beganAt: T2 });
  });
});

test('what was under way is stopped, the rest stays as it was', () => {
  const done: StageStatus = { name: 'canary', state: 'done', beganAt: T1, since: T1 };
  const soaking: StageStatus = { name: '25', state: 'soaking', beganAt: T1, since: T1, due: T2, answers: 'RC.3 ×2' };
  expect(stoppedStages([done, soaking], T2)).toEqual([
    done,
    { name: '25', state: 'stopped', beganAt: T1, since: T2, answers: 'RC.3 ×2' },
  ]);
});

test('a stop says of each stage how far it came, a rollback what was taken back', () => {
  const stopped = stoppedStages(
    [
      { name: 'canary', state: 'done' },
      { name: 'half', state: 'soaking', detail: '4m of 5m' },
      { name: 'most', state: 'failed', detail: 'exit 1' },
      { name: 'gated', state: 'waiting at its gate' },
      { name: 'all', state: 'pending' },
    ],
    T1,
  );
  expect(stopped.map(({ state }) => state)).toEqual(['done', 'stopped', 'failed', 'stopped', 'pending']);
  const back = rolledBackStages(stopped, T2);
  expect(back.map(({ name, state, detail, since }) => [name, state, detail, since])).toEqual([
    ['canary', 'rolled back', undefined, T2],
    ['half', 'rolled back', undefined, T2],
    ['most', 'rolled back', 'exit 1', T2],
    ['gated', 'stopped', 'at its gate', T1],
    ['all', 'pending', undefined, undefined],
  ]);
});

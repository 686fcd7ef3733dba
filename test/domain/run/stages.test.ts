import { expect, test } from '@jest/globals';
import { rolledBackStages, stoppedStages } from '../../../src/domain/run/stages.js';
import type { StageStatus } from '../../../src/domain/run/status.js';

const stages: readonly StageStatus[] = [
  { name: 'canary', state: 'done' },
  { name: 'half', state: 'soaking', detail: '4m of 5m' },
  { name: 'most', state: 'failed', detail: 'exit 1' },
  { name: 'gated', state: 'waiting at its gate' },
  { name: 'all', state: 'pending' },
];

test('a stop says of each stage how far it came, a rollback what was taken back', () => {
  const stopped = stoppedStages(stages);
  expect(stopped.map(({ state }) => state)).toEqual(['done', 'stopped', 'failed', 'stopped', 'pending']);
  const back = rolledBackStages(stopped);
  expect(back.map(({ name, state, detail }) => [name, state, detail])).toEqual([
    ['canary', 'rolled back', undefined],
    ['half', 'rolled back', undefined],
    ['most', 'rolled back', 'exit 1'],
    ['gated', 'stopped', 'at its gate'],
    ['all', 'pending', undefined],
  ]);
});

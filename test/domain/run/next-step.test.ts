import { expect, test } from '@jest/globals';
import { nextStep } from '../../../src/domain/run/next-step.js';
import type { Phase, StageStatus } from '../../../src/domain/run/status.js';

const stages = (...states: StageStatus['state'][]): StageStatus[] =>
  states.map((state, index) => ({ name: ['canary', 'rolling-25', 'rolling-100'][index] ?? '', state }));

test.each<[Phase, StageStatus[], string | undefined]>([
  ['scheduled', stages('pending', 'pending'), 'the preflight'],
  ['preflight', stages('pending', 'pending'), 'the deploy of canary'],
  ['deploying', stages('deploying', 'pending'), 'the deploy of rolling-25'],
  ['soaking', stages('done', 'waiting at its gate'), 'the deploy of rolling-25'],
  ['soaking', stages('done', 'soaking'), 'the verification'],
  ['verifying', stages('done', 'done'), 'hypercare'],
  ['hypercare', stages('done', 'done'), 'the end of hypercare'],
  ['rolling-back', stages('done', 'rolled back'), undefined],
])('in %s, %j', (phase, all, next) => {
  expect(nextStep({ phase, stages: all })).toBe(next);
  const stop = { kind: 'abort', reason: 'x', by: 'Ana', at: '' } as const;
  expect(nextStep({ phase, stages: all, stop })).toBeUndefined();
});

import { expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { Check } from '../../../src/domain/plan/playbook.js';
import type { TriggerAction } from '../../../src/domain/plan/playbook/trigger.js';
import { advisedText, oneMore } from '../../../src/domain/watching/advised.js';
import { SegmentRecorder } from '../../../src/domain/watching/segment-recorder.js';
import { unseen } from '../../../src/domain/watching/segment.js';

test('each advisory trigger is counted, with the last time', () => {
  const first = oneMore(undefined, { trigger: 'slow', at: '1', what: 'a' });
  const all = oneMore(oneMore(first, { trigger: 'p1', at: '2', what: 'b' }), { trigger: 'slow', at: '3', what: 'c' });
  expect(all).toEqual([
    { trigger: 'p1', times: 1, at: '2', what: 'b' },
    { trigger: 'slow', times: 2, at: '3', what: 'c' },
  ]);
  expect(advisedText(all)).toBe('p1 1×, slow 2×');
});

const health: Check = { kind: 'probe', name: 'health', path: '/health', every: 1_000, timeout: 500 };
/** What a segment that tells no flips makes of a service that is down every other time. */
function flapping(action: TriggerAction, looks: number) {
  const plan = {
    checks: [health],
    triggers: [{ name: 'down', check: 'health', consecutive: 1, for: 0, action }],
    hypercare: { for: 0, windows: [], exit: {} },
  } as unknown as Plan;
  const recorder = new SegmentRecorder({ states: unseen([health], ['service']) }, plan, 0, 0, true);
  const told = Array.from({ length: looks }, (_, index) =>
    recorder.take(0, { kind: index % 2 === 0 ? 'bad' : 'good', text: 'x' }, index * 1_000),
  );
  return { told, fired: recorder.fired.length };
}

test('what an advisory trigger would have done waits for the next report, and fills none', () => {
  expect(flapping('rollback', 1)).toEqual({ told: [0], fired: 1 });
  expect(flapping('note', 7)).toEqual({ told: Array.from({ length: 7 }, () => Infinity), fired: 4 });
  expect(flapping('note', 999).fired).toBe(20);
});

import { expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { Check } from '../../../src/domain/plan/playbook.js';
import { SegmentRecorder } from '../../../src/domain/watching/segment-recorder.js';
import type { TargetState } from '../../../src/domain/watching/segment.js';

const health: Check = { kind: 'probe', name: 'health', path: '/health', every: 10_000, timeout: 5_000 };
const plan = { checks: [health], triggers: [], hypercare: { for: 0, windows: [], exit: {} } } as unknown as Plan;
const AT_ONCE = 0;
const WITH_THE_REPORT = Infinity;

/** Within how many milliseconds each of these looks has to be told, in a segment that tells together what fires nothing. */
function told(standing: TargetState['standing'], toldAgeMs: number, ...looks: ('good' | 'none')[]): number[] {
  const state = { check: 'health', target: 'service', standing, failures: 0, breaches: [], toldAgeMs, lastAgeMs: 0 };
  const recorder = new SegmentRecorder({ states: [state] }, plan, 0, 0, true);
  return looks.map((kind, index) => recorder.take(0, { kind, text: 'x' }, (index + 1) * 10_000));
}

test('a check that was blind when the segment began is seen again: that is told at once, also where changes are told together', () => {
  expect(told('blind', 25_000, 'none', 'good')).toEqual([WITH_THE_REPORT, AT_ONCE]);
});

test('once: it may be blind again, and is told of with the report then', () => {
  expect(told('blind', 25_000, 'good', 'none', 'none', 'none', 'good')).toEqual([
    AT_ONCE,
    ...Array.from({ length: 4 }, () => WITH_THE_REPORT),
  ]);
});

test('a look without a reading that was no blindness yet waits for the report', () => {
  expect(told('blind', 24_999, 'good')).toEqual([WITH_THE_REPORT]);
  expect(told('clean', 0, 'none', 'good')).toEqual([WITH_THE_REPORT, WITH_THE_REPORT]);
});

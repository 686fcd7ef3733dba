import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entriesAfter } from '../../../src/cli/run/progress.js';
import type { TimelineEntry } from '../../../src/domain/run/status.js';
import { runs } from '../../support/property-runs.js';

const entry = (second: number, what = 'x'): TimelineEntry => ({ at: new Date(second * 1_000).toISOString(), what });

describe('what is new in a timeline', () => {
  test('is everything at first', () => {
    const timeline = [entry(1), entry(2)];
    expect(entriesAfter(timeline, undefined, -1)).toEqual(timeline);
  });

  test('each entry comes exactly once, wherever the looks fall and however many share a moment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 3 }), { maxLength: 30 }),
        fc.array(fc.nat({ max: 30 }), { maxLength: 10 }),
        (steps, looks) => {
          let second = 0;
          const whole = steps.map((step, index) => entry((second += step), `event ${index % 3}`));
          const seen: TimelineEntry[] = [];
          let last: TimelineEntry | undefined;
          let index = -1;
          for (const length of [
            ...looks.map((look) => Math.min(look, whole.length)).sort((a, b) => a - b),
            whole.length,
          ]) {
            const timeline = whole.slice(0, length);
            seen.push(...entriesAfter(timeline, last, index));
            last = timeline.at(-1) ?? last;
            index = timeline.length - 1;
          }
          expect(seen).toEqual(whole);
        },
      ),
      runs(),
    );
  });

  test('is what happened later, when the run has begun its timeline anew', () => {
    expect(entriesAfter([entry(2, 'carried over'), entry(9, 'new')], entry(5, 'old'), 7)).toEqual([entry(9, 'new')]);
  });
});

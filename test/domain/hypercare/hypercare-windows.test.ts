import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  everyAt,
  lastReview,
  nextChange,
  nextReview,
  paceAt,
  paceFor,
} from '../../../src/domain/hypercare/hypercare-windows.js';
import type { Check } from '../../../src/domain/plan/playbook.js';
import { segmentLength } from '../../../src/domain/watching/segment-length.js';
import { runs } from '../../support/property-runs.js';

const HOUR = 3_600_000;
const windows = [
  { until: 8 * HOUR, every: 10_000 },
  { until: 24 * HOUR, every: 30_000 },
  { until: 72 * HOUR, every: 60_000 },
];
const aris3 = { for: 72 * HOUR, windows, reviews: { from: 24 * HOUR, every: 2 * HOUR }, exit: {} };

test.each([
  [0, 10_000],
  [8 * HOUR - 1, 10_000],
  [8 * HOUR, 30_000],
  [24 * HOUR - 1, 30_000],
  [24 * HOUR, 60_000],
  [72 * HOUR - 1, 60_000],
  [72 * HOUR, 0],
])('%d ms after the beginning the pace is %d ms', (elapsed, pace) => {
  expect(paceAt(aris3, elapsed)).toBe(pace);
});

test('counters that golive scrapes itself keep their own interval', () => {
  const metric = { kind: 'metric' } as Check;
  const probe = { kind: 'probe' } as Check;
  const scraped = { metrics: { scrape: { path: '/metrics' } } } as never;
  expect(paceFor(metric, scraped, 60_000)).toBe(0);
  expect(paceFor(probe, scraped, 60_000)).toBe(60_000);
  expect(paceFor(metric, { metrics: { prometheus: { url: 'x' } } } as never, 60_000)).toBe(60_000);
});

test('what is looked at rarely anyway keeps its interval, and so does what has no pace', () => {
  const check = (kind: string, every: number) => ({ kind, every }) as Check;
  const scraped = { metrics: { scrape: { path: '/metrics' } } } as never;
  expect(everyAt(check('probe', 5_000), scraped, 60_000)).toBe(60_000);
  expect(everyAt(check('probe', 900_000), scraped, 60_000)).toBe(900_000);
  expect(everyAt(check('metric', 15_000), scraped, 60_000)).toBe(15_000);
});

describe('reviews', () => {
  /** Every review that somebody would hold who looks at the clock at these moments, once each. */
  function held(hypercare: Parameters<typeof nextReview>[0], looks: readonly number[]): number[] {
    const all: number[] = [];
    for (const elapsed of looks) {
      const due = lastReview(hypercare, elapsed);
      if (due !== undefined && due > (all.at(-1) ?? 0)) all.push(due);
    }
    return all;
  }

  test('of the real ARIS3 are 24, the first after 24 h, and none on the end', () => {
    const looks = Array.from({ length: 72 * 60 + 1 }, (_, minute) => minute * 60_000);
    const all = held(aris3, looks);
    expect(all).toHaveLength(24);
    expect([all[0], all[1], all.at(-1)]).toEqual([24 * HOUR, 26 * HOUR, 70 * HOUR]);
    // A hypercare that goes on is reviewed further.
    expect(nextReview(aris3, 72 * HOUR)).toBe(74 * HOUR);
  });

  test.each<[string, number, number | undefined, number]>([
    ['the beginning', 0, undefined, 24 * HOUR],
    ['a millisecond before the first', 24 * HOUR - 1, undefined, 24 * HOUR],
    ['the first', 24 * HOUR, 24 * HOUR, 26 * HOUR],
    ['a millisecond before the second', 26 * HOUR - 1, 24 * HOUR, 26 * HOUR],
    ['the second', 26 * HOUR, 26 * HOUR, 28 * HOUR],
    ['the last but the end', 70 * HOUR, 70 * HOUR, 74 * HOUR],
    ['a millisecond before the end', 72 * HOUR - 1, 70 * HOUR, 74 * HOUR],
    ['the end', 72 * HOUR, 70 * HOUR, 74 * HOUR],
    ['a hypercare that goes on', 74 * HOUR, 74 * HOUR, 76 * HOUR],
  ])('at %s: the last was due, the next is', (_, elapsed, last, next) => {
    expect([lastReview(aris3, elapsed), nextReview(aris3, elapsed)]).toEqual([last, next]);
  });

  test('that would first fall on the end is none until an interval later', () => {
    const short = { for: 24 * HOUR, reviews: { from: 24 * HOUR, every: 2 * HOUR } };
    expect(lastReview(short, 24 * HOUR)).toBeUndefined();
    expect(nextReview(short, 0)).toBe(26 * HOUR);
    const longer = { ...short, for: 26 * HOUR };
    expect([lastReview(longer, 26 * HOUR), nextReview(longer, 24 * HOUR)]).toEqual([24 * HOUR, 28 * HOUR]);
  });

  test('without a beginning come after the first interval; without any there are none', () => {
    expect(nextReview({ for: 10 * HOUR, reviews: { every: HOUR } }, 0)).toBe(HOUR);
    expect(nextReview({ for: 10 * HOUR, reviews: undefined }, 0)).toBeUndefined();
    expect(lastReview({ for: 10 * HOUR, reviews: undefined }, HOUR)).toBeUndefined();
  });

  test('the next one is later, the last one is not, and nothing lies between them but the end', () => {
    const minutes = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        minutes,
        fc.option(minutes, { nil: undefined }),
        minutes,
        fc.nat({ max: 1_000 }),
        (length, from, every, elapsed) => {
          const hypercare = { for: length, reviews: { every, ...(from === undefined ? {} : { from }) } };
          const naive = Array.from({ length: 2_000 }, (_, index) => (from ?? every) + index * every).filter(
            (moment) => moment !== length,
          );
          expect(nextReview(hypercare, elapsed)).toBe(naive.find((moment) => moment > elapsed));
          expect(lastReview(hypercare, elapsed)).toBe(naive.filter((moment) => moment <= elapsed).at(-1));
        },
      ),
      runs(),
    );
  });
});

const LEAD = 5_000;
const quick = [{ every: 10_000, timeout: LEAD }];
test.each<[string, number, { every: number; timeout: number }[], number]>([
  ['a millisecond before T+8h', 8 * HOUR - 1, quick, 8 * HOUR],
  ['T+8h', 8 * HOUR, quick, 24 * HOUR - LEAD],
  ['a timeout and a millisecond before the first review', 24 * HOUR - LEAD - 1, quick, 24 * HOUR - LEAD],
  ['a timeout before it', 24 * HOUR - LEAD, quick, 24 * HOUR],
  ['T+24h', 24 * HOUR, quick, 26 * HOUR - LEAD],
  ['the last hours have the end of the last window', 70 * HOUR, quick, 72 * HOUR],
  ['T+72h has no window any more', 72 * HOUR, quick, 74 * HOUR - LEAD],
  ['a check as rare as the slowest pace has none', 7 * HOUR, [{ every: 60_000, timeout: LEAD }], 24 * HOUR - LEAD],
  ['a millisecond oftener, and it has', 7 * HOUR, [{ every: 59_999, timeout: LEAD }], 8 * HOUR],
])('at %s: the next change', (_, elapsed, checks, change) => {
  expect(nextChange(aris3, elapsed, checks)).toBe(change);
});

test('what is looked at more rarely than any pace has no change of pace', () => {
  const rules = [
    { every: 5 * 60_000, timeout: 20_000 },
    { every: 10 * 60_000, timeout: 120_000 },
  ];
  expect(nextChange(aris3, 7 * HOUR, rules)).toBe(24 * HOUR - 120_000);
  expect(nextChange({ ...aris3, reviews: undefined }, 7 * HOUR, rules)).toBe(Infinity);
  expect(nextChange(aris3, 7 * HOUR, [{ every: 10_000, timeout: 5_000 }])).toBe(8 * HOUR);
});

test('no segment runs past a change of pace or the time before a review in which its report comes', () => {
  const plan = { stages: [], hypercare: aris3 };
  const checks = [{ kind: 'probe' as const, name: 'health', path: '/health', every: 10_000, timeout: 5_000 }];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 * HOUR }), fc.constantFrom(0, HOUR), (elapsed, waitingFor) => {
      const end = elapsed + segmentLength(plan, checks, 'hypercare', elapsed, waitingFor);
      expect(end).toBeGreaterThan(elapsed);
      const changes = [
        ...windows.map(({ until }) => until),
        ...Array.from({ length: 60 }, (_, index) => 24 * HOUR + index * 2 * HOUR)
          .filter((review) => review !== 72 * HOUR)
          .map((review) => review - 5_000),
      ];
      expect(end).toBeLessThanOrEqual(Math.min(...changes.filter((moment) => moment > elapsed)));
    }),
    runs(),
  );
});

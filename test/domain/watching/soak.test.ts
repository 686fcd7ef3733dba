import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observe, observedSince, soakVerdict, type Sight } from '../../../src/domain/watching/soak.js';
import { runs } from '../../support/property-runs.js';

const MINUTE = 60_000;
// Playbook §2.3: 5–10 minutes; design §5: settle 2m.
const soak = { min: 5 * MINUTE, max: 10 * MINUTE, settle: 2 * MINUTE };
const freshFor = 25_000;
const seen = (from: number, to: number, lastUnclean?: number): Sight => ({
  of: 'service',
  observed: [{ from, to }],
  freshFor,
  against: [],
  ...(lastUnclean === undefined ? {} : { lastUnclean }),
});

/** Six minutes with a moment of blindness, after which everything was seen since `again`. */
const broken = (again: number): Sight => ({
  ...seen(0, 0),
  observed: [
    { from: 0, to: again - 1 },
    { from: again, to: 6 * MINUTE },
  ],
});

describe('a soak', () => {
  test('counts only the time of the soak', () => {
    expect(soakVerdict(soak, 0, MINUTE, [seen(-10 * MINUTE, MINUTE)]).kind).toBe('wait');
  });

  test('waits until the last settle was clean', () => {
    const unclean = 4 * MINUTE;
    expect(soakVerdict(soak, 0, soak.min, [seen(0, soak.min, unclean)])).toMatchObject({
      kind: 'wait',
      until: unclean + soak.settle,
    });
    expect(soakVerdict(soak, 0, 6 * MINUTE, [seen(0, 6 * MINUTE, unclean)])).toEqual({ kind: 'promote' });
  });

  test('does not count blind time', () => {
    const gap: Sight = {
      of: 'service',
      observed: [
        { from: 0, to: 2 * MINUTE },
        { from: 4 * MINUTE, to: 6 * MINUTE },
      ],
      freshFor,
      against: [],
    };
    expect(soakVerdict(soak, 0, 6 * MINUTE, [gap])).toMatchObject({
      kind: 'wait',
      until: 7 * MINUTE,
      why: 'service: 4m of 5m observed, 66 % of the time',
    });
  });

  test('is not promoted on what was seen before the last gap', () => {
    expect(soakVerdict(soak, 0, 6 * MINUTE, [seen(0, 5 * MINUTE)]).kind).toBe('wait');
    expect(soakVerdict(soak, 0, soak.max, [seen(0, 9 * MINUTE)])).toMatchObject({ kind: 'hold' });
  });

  test('becomes a question at max, never a promotion', () => {
    expect(soakVerdict(soak, 0, soak.max, [seen(0, soak.max, soak.max - MINUTE)])).toMatchObject({
      kind: 'hold',
      why: 'service: clean again for 1m of 2m',
    });
    expect(soakVerdict(soak, 0, soak.max, [{ of: 'service', observed: [], freshFor, against: [] }])).toMatchObject({
      kind: 'hold',
    });
  });

  test('says what was not clean, and of what stands against it nothing twice', () => {
    const failing = ['p95 at canary (420 ms)'];
    const unclean = { ...seen(0, soak.min, soak.min - 1), failing };
    expect(soakVerdict(soak, 0, soak.min, [unclean])).toMatchObject({
      why: 'service: not clean: p95 at canary (420 ms)',
    });
    expect(soakVerdict(soak, 0, soak.min, [{ ...unclean, against: ['latency runs'] }])).toMatchObject({
      why: 'service: latency runs',
    });
  });

  test.each([
    ['at its beginning', 0, [], 'service: 0s of 5m observed'],
    ['in its first second', 800, [{ from: 0, to: 800 }], 'service: under 1s of 5m observed'],
    ['a moment before its least time', 299_999, [{ from: 0, to: 299_999 }], 'service: 4m 59s of 5m observed'],
    [
      'after a gap',
      6 * MINUTE,
      [
        { from: 0, to: 5 * MINUTE },
        { from: 5 * MINUTE + 30_000, to: 6 * MINUTE },
      ],
      'service: seen without a break for 30s of 2m',
    ],
  ])('tells %s how far it is', (_, now, observed, why) => {
    expect(soakVerdict(soak, 0, now, [{ ...seen(0, 0), observed }])).toMatchObject({ kind: 'wait', why });
  });

  test('never ends by itself over a breach clock or a blind check', () => {
    expect(soakVerdict(soak, 0, soak.min, [{ ...seen(0, soak.min), against: ['p95 runs'] }])).toMatchObject({
      kind: 'wait',
      why: 'service: p95 runs',
    });
    expect(soakVerdict(soak, 0, soak.max, [{ ...seen(0, soak.max), against: ['p95 runs'] }])).toMatchObject({
      kind: 'hold',
      why: 'service: p95 runs',
    });
  });

  test('needs every watch to agree', () => {
    const good = seen(0, soak.min);
    expect(soakVerdict(soak, 0, soak.min, [good, good]).kind).toBe('promote');
    expect(soakVerdict(soak, 0, soak.min, [good, seen(MINUTE, soak.min)])).toMatchObject({
      kind: 'wait',
      until: 6 * MINUTE,
    });
  });

  const late = 10 * MINUTE - 1;
  test.each<[string, number, Sight[], object]>([
    ['min less a millisecond', soak.min - 1, [seen(0, soak.min - 1)], { kind: 'wait', until: soak.min }],
    ['min', soak.min, [seen(0, soak.min)], { kind: 'promote' }],
    [
      'min, but a millisecond of it before the soak',
      soak.min - 1,
      [seen(-1, soak.min - 1)],
      { kind: 'wait', until: soak.min },
    ],
    ['the last unclean reading a whole settle ago', soak.min, [seen(0, soak.min, 3 * MINUTE)], { kind: 'promote' }],
    [
      'a millisecond later',
      soak.min,
      [seen(0, soak.min, 3 * MINUTE + 1)],
      { kind: 'wait', until: soak.min + 1, reports: false },
    ],
    ['seen without a break for a whole settle', 6 * MINUTE, [broken(4 * MINUTE)], { kind: 'promote' }],
    [
      'a millisecond less',
      6 * MINUTE,
      [broken(4 * MINUTE + 1)],
      { kind: 'wait', until: 6 * MINUTE + 1, reports: false },
    ],
    ['a report as old as a reading may be', soak.min + freshFor, [seen(0, soak.min)], { kind: 'promote' }],
    [
      'a millisecond older: its report is missing',
      soak.min + freshFor + 1,
      [seen(0, soak.min)],
      { kind: 'wait', until: soak.max, reports: true, why: 'service: no readings for 25s' },
    ],
    [
      'a breach clock at min',
      soak.min,
      [{ ...seen(0, soak.min), against: ['p95 runs'] }],
      { kind: 'wait', until: soak.max, reports: true },
    ],
    [
      'a blind check at min',
      soak.min,
      [{ ...seen(0, soak.min), against: ['p95 at service is blind'] }],
      { kind: 'wait', why: 'service: p95 at service is blind' },
    ],
    ['max less a millisecond', late, [seen(0, late, late)], { kind: 'wait', until: soak.max }],
    ['max', soak.max, [seen(0, soak.max, late)], { kind: 'hold' }],
    ['max, a breach clock', soak.max, [{ ...seen(0, soak.max), against: ['p95 runs'] }], { kind: 'hold' }],
    ['max, and settled at that very moment', soak.max, [seen(0, soak.max, 8 * MINUTE)], { kind: 'promote' }],
    ['max, settled a millisecond later', soak.max, [seen(0, soak.max, 8 * MINUTE + 1)], { kind: 'hold' }],
    ['after max, and now it is well', 11 * MINUTE, [seen(0, 11 * MINUTE)], { kind: 'promote' }],
  ])('%s', (_, now, sights, expected) => {
    expect(soakVerdict(soak, 0, now, sights)).toMatchObject(expected);
  });

  test('agrees with someone who keeps a list of seconds', () => {
    const second = 1_000;
    const short = { min: 10 * second, max: 20 * second, settle: 4 * second };
    // Each second is seen clean, seen failing, or not seen.
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('clean', 'failing', 'blind'), { minLength: 1, maxLength: 25 }),
        (seconds) => {
          let sight: Sight = { of: 'service', observed: [], freshFor: 0, against: [] };
          seconds.forEach((each, index) => {
            if (each === 'blind') return;
            sight = {
              ...sight,
              observed: observe(sight.observed, { from: index * second, to: (index + 1) * second }, 0),
              ...(each === 'failing' ? { lastUnclean: (index + 1) * second } : {}),
            };
          });
          const observedEnough = seconds.filter((each) => each !== 'blind').length >= 10;
          const settled = seconds.length >= 4 && seconds.slice(-4).every((each) => each === 'clean');
          const expected = observedEnough && settled ? 'promote' : seconds.length >= 20 ? 'hold' : 'wait';
          expect(soakVerdict(short, 0, seconds.length * second, [sight]).kind).toBe(expected);
        },
      ),
      runs(1_000),
    );
  });

  test('always says when to look again, and never later than max', () => {
    fc.assert(
      fc.property(fc.nat(soak.max - 1), fc.nat(soak.max), fc.nat(soak.max), (now, from, length) => {
        const verdict = soakVerdict(soak, 0, now, [seen(from, Math.min(now, from + length))]);
        if (verdict.kind !== 'wait') return;
        expect(verdict.until).toBeGreaterThan(now);
        expect(verdict.until).toBeLessThanOrEqual(soak.max);
      }),
      runs(),
    );
  });
});

test('neighbouring stretches become one, a gap stays a gap', () => {
  const first = observe([], { from: 0, to: 10 }, 5);
  expect(observe(first, { from: 14, to: 20 }, 5)).toEqual([{ from: 0, to: 20 }]);
  expect(observe(first, { from: 15, to: 20 }, 5)).toEqual([{ from: 0, to: 20 }]);
  expect(observe(first, { from: 16, to: 20 }, 5)).toEqual([
    { from: 0, to: 10 },
    { from: 16, to: 20 },
  ]);
});

test('moments without a reading never add up to observed time', () => {
  let intervals = observe([], { from: 0, to: 0 }, 5);
  for (let at = 1; at < 100; at += 1) intervals = observe(intervals, { from: at, to: at }, 5);
  expect(observedSince(intervals, 0)).toBe(0);
});

test('observed time is what lies after a moment', () => {
  expect(
    observedSince(
      [
        { from: 0, to: 10 },
        { from: 20, to: 30 },
      ],
      5,
    ),
  ).toBe(15);
});

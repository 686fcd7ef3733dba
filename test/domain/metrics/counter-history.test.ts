import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  covers,
  follow,
  growthOver,
  type CounterHistory,
  type Scrape,
} from '../../../src/domain/metrics/counter-history.js';
import { runs } from '../../support/property-runs.js';

const WINDOW = 10_000;
const WALL = 1_700_000_000_000;
const scrape = (at: number, values: Readonly<Record<string, number>>, startedAt?: number): Scrape => ({
  at,
  wallAt: WALL + at,
  startedAt: startedAt === undefined ? undefined : WALL + startedAt,
  counters: new Map(Object.entries(values).map(([series, value]) => [series, { value, heading: series.slice(0, 1) }])),
});
const history = (...scrapes: Scrape[]): CounterHistory | undefined =>
  scrapes.reduce<CounterHistory | undefined>((before, each) => follow(before, each, WINDOW), undefined);
const growth = (...scrapes: Scrape[]) => {
  const found = history(...scrapes);
  return found && growthOver(found, WINDOW);
};
const grown = (...scrapes: Scrape[]) => Object.fromEntries(growth(...scrapes)?.grown ?? []);

test('the first scrape of an old process alone says nothing', () => {
  expect(growth(scrape(0, { a: 100 }))).toBeUndefined();
  expect(growth(scrape(0, { a: 100 }, -WINDOW - 1))).toBeUndefined();
});

test('a process that began inside the window is seen whole at once', () => {
  const found = growth(scrape(0, { a: 7 }, -3_000));
  expect([...(found?.grown ?? [])]).toEqual([['a', 7]]);
  expect(found && covers(found, WINDOW)).toBe(true);
});

test('growth is the difference; series of one heading are added up', () => {
  expect(grown(scrape(0, { a1: 5, a2: 1, b: 2 }), scrape(1_000, { a1: 8, a2: 2, b: 2 }))).toEqual({ a: 4, b: 0 });
});

test('a series that appears counts from zero: a first violation is one', () => {
  expect(grown(scrape(0, {}), scrape(1_000, { v: 1 }))).toEqual({ v: 1 });
});

describe('a restart', () => {
  test('counts from zero: no spike, nothing negative', () => {
    expect(grown(scrape(0, { a: 1_000 }), scrape(1_000, { a: 3 }))).toEqual({ a: 3 });
    expect(grown(scrape(0, { a: 1_000 }), scrape(1_000, {}), scrape(2_000, { a: 3 }))).toEqual({ a: 3 });
  });
  test('is also seen when the counter has caught up, if the process says when it began', () => {
    expect(grown(scrape(0, { v: 1 }, -60_000), scrape(1_000, { v: 1 }, 500))).toEqual({ v: 1 });
    expect(grown(scrape(0, { v: 1 }), scrape(1_000, { v: 1 }))).toEqual({ v: 0 });
  });
  test('a beginning that moves without a restart between the scrapes is none', () => {
    expect(grown(scrape(0, { a: 100 }, -90_000), scrape(20_000, { a: 101 }, -60_000))).toEqual({ a: 1 });
  });
  test('is remembered for the window; an older process that answers is another one', () => {
    expect(history(scrape(0, { a: 5 }), scrape(1_000, { a: 1 }))?.restarts).toEqual([1_000]);
    expect(history(scrape(0, { a: 5 }), scrape(1_000, { a: 1 }), scrape(12_000, { a: 1 }))?.restarts).toEqual([]);
    expect(history(scrape(0, { a: 5 }, -1_000), scrape(1_000, { a: 9 }, -4_000))?.switches).toEqual([1_000]);
  });
});

describe('a beginning told by a clock that is put right', () => {
  test.each([10, 1_000, 1_999])('by %d ms, back and forth, is the same process', (by) => {
    const looks = Array.from({ length: 8 }, (_, look) => scrape(look * 1_000, { a: look }, -50_000 - (look % 2) * by));
    expect(history(...looks)).toMatchObject({ switches: [], restarts: [] });
    expect(grown(...looks)).toEqual({ a: 7 });
  });
  test('with counters that go down is another process all the same', () => {
    expect(history(scrape(0, { a: 5 }, -50_000), scrape(1_000, { a: 3 }, -50_010))?.switches).toEqual([1_000]);
  });
  test('in the future says nothing: what was counted last week is not of this window', () => {
    expect(growth(scrape(0, { v: 3 }, 2_001))).toBeUndefined();
    expect(grown(scrape(0, { v: 3 }, 3_600_000), scrape(1_000, { v: 3 }, 3_600_000))).toEqual({ v: 0 });
    expect(grown(scrape(0, { v: 3 }, 1_999))).toEqual({ v: 3 });
  });
});

test('the window moves on: what lies before it is not counted any more', () => {
  const scrapes = Array.from({ length: 40 }, (_, second) =>
    scrape(second * 1_000, { a: second < 20 ? second * 5 : 100 }),
  );
  expect(grown(...scrapes)).toEqual({ a: 0 });
  expect(grown(...scrapes.slice(0, 20))).toEqual({ a: 45 });
});

test('a history younger than the window covers less, one with a gap covers more', () => {
  expect(growth(scrape(0, { a: 0 }), scrape(4_000, { a: 1 }))?.coveredMs).toBe(4_000);
  expect(growth(scrape(0, { a: 0 }), scrape(60_000, { a: 1 }))?.coveredMs).toBe(60_000);
});

/** Requests as they happen, restarts in between, and scrapes now and then; everything that was counted and not lost by a restart before it was seen. */
test('against a naive count of events', () => {
  const happening = fc.record({
    gap: fc.integer({ min: 1, max: 2_000 }),
    what: fc.constantFrom('request', 'request', 'request', 'scrape', 'scrape', 'restart'),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 150 }), (happenings) => {
      let at = 0;
      let began = -100_000;
      let counter = 50;
      let seen: CounterHistory | undefined;
      let pending: number[] = [];
      const counted: { at: number; scrapedAt: number }[] = [];
      const scrapedAt: number[] = [];
      for (const { gap, what } of happenings) {
        at += gap;
        if (what === 'request') {
          counter += 1;
          pending.push(at);
        } else if (what === 'restart') {
          counter = 0;
          pending = [];
          began = at;
        } else {
          seen = follow(seen, scrape(at, { a: counter }, began), WINDOW);
          if (scrapedAt.length > 0 || began > at - WINDOW)
            counted.push(...pending.map((each) => ({ at: each, scrapedAt: at })));
          pending = [];
          scrapedAt.push(at);
        }
      }
      const now = scrapedAt.at(-1);
      const growth = seen && growthOver(seen, WINDOW);
      if (now === undefined || !growth) return;
      const total = [...growth.grown.values()].reduce((sum, each) => sum + each, 0);
      const base = now - growth.coveredMs;
      expect(total).toBe(counted.filter((each) => each.scrapedAt > base).length);
      expect(growth.coveredMs).toBeGreaterThan(0);
    }),
    runs(500),
  );
});

test('what is remembered stays small', () => {
  let seen: CounterHistory | undefined;
  for (let look = 0; look < 5_000; look += 1) seen = follow(seen, scrape(look * 17, { a: look }), WINDOW);
  expect(seen?.marks.length).toBeLessThan(70);
  const growth = seen && growthOver(seen, WINDOW);
  expect(growth?.coveredMs).toBeGreaterThanOrEqual(WINDOW * 0.9);
  expect(growth?.coveredMs).toBeLessThanOrEqual(WINDOW * 1.05);
});

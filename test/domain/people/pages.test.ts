import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextPage, type Paged } from '../../../src/domain/people/pages.js';
import { backoff } from '../../../src/domain/announcing/backoff.js';
import { runs } from '../../support/property-runs.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OPS: Paged = { name: 'ops', unansweredFor: undefined };
const LEADS: Paged = { name: 'leads', unansweredFor: 25 * MINUTE };
const BOSS: Paged = { name: 'boss', unansweredFor: 40 * MINUTE };

const joinsAt = (unansweredFor: number): Paged => ({ name: 'joins', unansweredFor });
const both = (at: number) => ({ at, channels: ['ops', 'joins'], everybody: true });

/** Every page of a hold that is open for so long, in minutes after it opened. */
function pagesOf(
  channels: readonly Paged[],
  openFor: number,
  pageAgain = 10 * MINUTE,
): { minute: number; channels: readonly string[]; everybody: boolean }[] {
  const pages = [];
  for (let last: number | undefined, now = 0; ;) {
    const { at, ...next } = nextPage(channels, 0, last, now, pageAgain);
    if (at > openFor) return pages;
    now = at;
    if (next.everybody) last = at;
    if (pages.length > 1_000) throw new Error('It pages without end.');
    pages.push({ minute: at / MINUTE, ...next });
  }
}

describe('a hold pages', () => {
  test('when it opens, again, and wider at the very moment it has been unanswered for so long', () => {
    expect(pagesOf([OPS, LEADS, BOSS], 50 * MINUTE)).toEqual([
      { minute: 0, channels: ['ops'], everybody: true },
      { minute: 10, channels: ['ops'], everybody: true },
      { minute: 20, channels: ['ops'], everybody: true },
      { minute: 25, channels: ['leads'], everybody: false },
      { minute: 30, channels: ['ops', 'leads'], everybody: true },
      { minute: 40, channels: ['ops', 'leads', 'boss'], everybody: true },
      { minute: 50, channels: ['ops', 'leads', 'boss'], everybody: true },
    ]);
  });

  test('rarer after two hours, up to once an hour, for days', () => {
    const minutes = pagesOf([OPS], 72 * HOUR).map(({ minute }) => minute);
    expect(minutes.slice(0, 14)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130]);
    const gaps = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBe(60);
    expect(minutes.length).toBeLessThan(110);
  });

  test('as the plan says where that is rarer than once an hour', () => {
    expect(pagesOf([OPS], 9 * HOUR, 3 * HOUR).map(({ minute }) => minute)).toEqual([0, 180, 360, 540]);
  });

  test('also without any channel: the built-in one is paged', () => {
    expect(pagesOf([], 20 * MINUTE)).toEqual([0, 10, 20].map((minute) => ({ minute, channels: [], everybody: true })));
  });

  test('everybody in the circle, each first at its moment, and never anybody before it', () => {
    const circle = fc
      .array(fc.record({ unansweredFor: fc.integer({ min: 1, max: 300 }) }), { maxLength: 4 })
      .map((all) =>
        all.map(({ unansweredFor }, index) => ({ name: `c${index}`, unansweredFor: unansweredFor * MINUTE })),
      );
    fc.assert(
      fc.property(circle, fc.integer({ min: 1, max: 90 }), (channels, pageAgain) => {
        const pages = pagesOf(channels, 10 * HOUR, pageAgain * MINUTE);
        for (const { name, unansweredFor } of channels) {
          const own = pages.filter((page) => page.channels.includes(name)).map(({ minute }) => minute);
          expect(own[0]).toBe(unansweredFor / MINUTE);
          expect(
            pages
              .filter(({ everybody, minute }) => everybody && minute >= unansweredFor / MINUTE)
              .every((page) => page.channels.includes(name)),
          ).toBe(true);
        }
      }),
      runs(),
    );
  });
});

const FIVE = 5 * MINUTE;
test.each([
  ['two hours less a millisecond', 2 * HOUR - 1, { least: 7 * MINUTE }, 7 * MINUTE],
  ['two hours', 2 * HOUR, {}, 10 * MINUTE],
  ['three hours less a millisecond', 3 * HOUR - 1, {}, 10 * MINUTE],
  ['three hours', 3 * HOUR, {}, 15 * MINUTE],
  ['four hours', 4 * HOUR, {}, 20 * MINUTE],
  ['twelve hours less a millisecond', 12 * HOUR - 1, {}, 55 * MINUTE],
  ['twelve hours', 12 * HOUR, {}, HOUR],
  ['three days', 72 * HOUR, {}, HOUR],
  ['where the plan wants it rarer', 2 * HOUR, { least: 12 * MINUTE }, 12 * MINUTE],
  ['where the plan wants it rarer than the most', 72 * HOUR, { least: 3 * HOUR }, 3 * HOUR],
])('after %s it is said again', (_, age, more, wait) => {
  expect(backoff(age, { least: FIVE, most: HOUR, after: 2 * HOUR, ...more })).toBe(wait);
});

test.each<[string, Paged[], number | undefined, number, ReturnType<typeof nextPage>]>([
  ['the first', [OPS, LEADS], undefined, 0, { at: 0, channels: ['ops'], everybody: true }],
  ['again', [OPS], 0, 0, { at: 10 * MINUTE, channels: ['ops'], everybody: true }],
  ['one that joins at that very moment', [OPS, joinsAt(10 * MINUTE)], 0, 0, both(10 * MINUTE)],
  [
    'a millisecond before',
    [OPS, joinsAt(10 * MINUTE - 1)],
    0,
    0,
    { at: 10 * MINUTE - 1, channels: ['joins'], everybody: false },
  ],
  [
    'a millisecond after',
    [OPS, joinsAt(10 * MINUTE + 1)],
    0,
    0,
    { at: 10 * MINUTE, channels: ['ops'], everybody: true },
  ],
  ['one that has joined is not paged for it again', [OPS, joinsAt(5 * MINUTE)], 0, 5 * MINUTE, both(10 * MINUTE)],
  [
    'a millisecond before it has',
    [OPS, joinsAt(5 * MINUTE)],
    0,
    5 * MINUTE - 1,
    { at: 5 * MINUTE, channels: ['joins'], everybody: false },
  ],
  [
    'before two hours',
    [OPS],
    2 * HOUR - 1,
    2 * HOUR,
    { at: 2 * HOUR + 10 * MINUTE - 1, channels: ['ops'], everybody: true },
  ],
  ['after three', [OPS], 3 * HOUR, 3 * HOUR, { at: 3 * HOUR + 15 * MINUTE, channels: ['ops'], everybody: true }],
])('the page after the last one: %s', (_, channels, last, now, expected) => {
  expect(nextPage(channels, 0, last, now, 10 * MINUTE)).toEqual(expected);
});

test('what is said rarer is never said oftener than at first, nor rarer than wanted, and in whole five minutes', () => {
  const rarity = { least: 7 * MINUTE, most: HOUR, after: 2 * HOUR };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 * HOUR }), fc.integer({ min: 0, max: 300 * HOUR }), (one, other) => {
      const [younger, older] = [Math.min(one, other), Math.max(one, other)].map((age) => backoff(age, rarity)) as [
        number,
        number,
      ];
      expect(younger).toBeLessThanOrEqual(older);
      for (const each of [younger, older])
        expect(each === rarity.least || (each % (5 * MINUTE) === 0 && each > rarity.least && each <= rarity.most)).toBe(
          true,
        );
    }),
    runs(),
  );
});

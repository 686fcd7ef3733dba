import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freezing, frozenBy } from '../../../src/domain/freeze/freeze-window.js';
import { freeze, type Freeze } from '../../../src/domain/plan/playbook/freeze.js';
import { runs } from '../../support/property-runs.js';

const weekly = (from: string, to: string, timeZone = 'UTC', name = 'weekend'): Freeze =>
  freeze.parse({ name, weekly: { from, to }, timeZone });
const once = (from: string, to: string, name = 'year end'): Freeze => freeze.parse({ name, from, to });
const at = (iso: string) => Date.parse(iso);
/** Whether each of these moments is frozen. */
const states = (freezes: readonly Freeze[], ...moments: string[]) =>
  moments.map((iso) => frozenBy(freezes, at(iso)) !== undefined);
const ends = (freezes: readonly Freeze[], iso: string) => {
  const frozen = frozenBy(freezes, at(iso));
  return frozen && new Date(frozen.until).toISOString();
};

describe('a window with dates', () => {
  const window = [once('2026-12-20T00:00:00+01:00', '2027-01-07T00:00:00+01:00')];

  test('begins with its first moment and is over with its last', () => {
    expect(
      states(
        window,
        '2026-12-19T22:59:59.999Z',
        '2026-12-19T23:00:00Z',
        '2027-01-06T22:59:59.999Z',
        '2027-01-06T23:00:00Z',
      ),
    ).toEqual([false, true, true, false]);
    expect(frozenBy(window, at('2026-12-24T20:00:00Z'))).toEqual({
      name: 'year end',
      until: at('2027-01-06T23:00:00Z'),
    });
  });
});

describe('a weekly window', () => {
  test('that goes over the end of the week', () => {
    const window = [weekly('fri 16:00', 'mon 08:00')];
    // 2026-05-01 is a Friday.
    expect(
      states(
        window,
        '2026-05-01T15:59:59.999Z',
        '2026-05-01T16:00:00Z',
        '2026-05-03T23:59:59Z',
        '2026-05-04T00:00:00Z',
        '2026-05-04T07:59:59.999Z',
        '2026-05-04T08:00:00Z',
      ),
    ).toEqual([false, true, true, true, true, false]);
    expect(ends(window, '2026-05-02T12:00:00Z')).toBe('2026-05-04T08:00:00.000Z');
  });

  test('inside a week, and one of almost a whole one', () => {
    expect(
      states(
        [weekly('tue 09:00', 'tue 10:00')],
        '2026-05-05T08:59:00Z',
        '2026-05-05T09:00:00Z',
        '2026-05-05T10:00:00Z',
      ),
    ).toEqual([false, true, false]);
    expect(
      states(
        [weekly('tue 10:00', 'tue 09:00')],
        '2026-05-05T08:59:00Z',
        '2026-05-05T09:00:00Z',
        '2026-05-05T09:59:00Z',
        '2026-05-05T10:00:00Z',
      ),
    ).toEqual([true, false, false, true]);
  });

  test('that has no length is refused', () => {
    expect(() => weekly('fri 16:00', 'fri 16:00')).toThrow('must be another time than from');
  });

  test('is by the clocks of its zone, in summer and in winter', () => {
    const window = [weekly('fri 16:00', 'mon 08:00', 'Europe/Madrid')];
    expect(
      states(window, '2026-07-03T13:59:00Z', '2026-07-03T14:00:00Z', '2026-12-04T14:59:00Z', '2026-12-04T15:00:00Z'),
    ).toEqual([false, true, false, true]);
  });

  test.each([
    // Each of these weekends has a clock change in it: the window is an hour shorter or longer, and ends by the clocks.
    ['Europe/Madrid', 'in spring', '2026-03-27T15:00:00.000Z', '2026-03-30T06:00:00.000Z'],
    ['Europe/Madrid', 'in autumn', '2026-10-23T14:00:00.000Z', '2026-10-26T07:00:00.000Z'],
    ['America/New_York', 'in spring', '2026-03-06T21:00:00.000Z', '2026-03-09T12:00:00.000Z'],
    ['America/New_York', 'in autumn', '2026-10-30T20:00:00.000Z', '2026-11-02T13:00:00.000Z'],
  ])('over the clock change of %s %s', (zone, _, from, to) => {
    const window = [weekly('fri 16:00', 'mon 08:00', zone)];
    const before = (iso: string) => new Date(at(iso) - 1).toISOString();
    expect(states(window, before(from), from, before(to), to)).toEqual([false, true, true, false]);
    expect([ends(window, from), ends(window, before(to))]).toEqual([to, to]);
  });

  test('whose end the clocks show twice lasts to the second time, without a hole', () => {
    const window = [weekly('sun 01:00', 'sun 02:30', 'Europe/Madrid')]; // 02:30 is at 00:30Z and at 01:30Z
    expect(
      states(
        window,
        '2026-10-24T23:00:00Z',
        '2026-10-25T00:29:00Z',
        '2026-10-25T00:45:00Z',
        '2026-10-25T01:15:00Z',
        '2026-10-25T01:30:00Z',
      ),
    ).toEqual([true, true, true, true, false]);
  });

  test('whose beginning the clocks leave out begins no later than they would have shown it', () => {
    const window = [weekly('sun 02:30', 'sun 12:00', 'America/New_York')]; // no 02:30 on 8 March: 01:59 is followed by 03:00, at 07:00Z
    expect(
      states(window, '2026-03-08T06:29:00Z', '2026-03-08T07:00:00Z', '2026-03-08T15:59:00Z', '2026-03-08T16:00:00Z'),
    ).toEqual([false, true, true, false]);
  });

  test('is what a clock on the wall says, whatever the zone, away from clock changes', () => {
    const zones = [
      'UTC',
      'Europe/Madrid',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Chatham',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
    ];
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    // Clocks change in the night to a Sunday: no window begins or ends there.
    const minute = fc
      .integer({ min: 0, max: 7 * 1440 - 1 })
      .filter((each) => each < 6 * 1440 || each >= 6 * 1440 + 300);
    const written = (each: number) =>
      `${days[Math.floor(each / 1440)]} ${String(Math.floor((each % 1440) / 60)).padStart(2, '0')}:${String(each % 60).padStart(2, '0')}`;
    const onTheWall = (moment: number, timeZone: string) => {
      const [day = '', time = ''] = new Date(moment)
        .toLocaleString('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
        .toLowerCase()
        .split(/,? /);
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      return days.indexOf(day) * 1440 + hours * 60 + minutes;
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        minute,
        minute,
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
        (zone, from, to, moment) => {
          fc.pre(from !== to);
          const now = onTheWall(moment, zone);
          const inside = from < to ? from <= now && now < to : now >= from || now < to;
          const window = [weekly(written(from), written(to), zone)];
          const frozen = frozenBy(window, moment);
          expect(frozen !== undefined).toBe(inside);
          if (frozen) {
            expect(frozen.until).toBeGreaterThan(moment);
            expect(onTheWall(frozen.until, zone)).toBe(to);
            expect([frozenBy(window, frozen.until), frozenBy(window, frozen.until - 1)?.until]).toEqual([
              undefined,
              frozen.until,
            ]);
          }
        },
      ),
      runs(80),
    );
  });
});

describe('several windows', () => {
  const freezes = [
    weekly('fri 16:00', 'mon 08:00'),
    once('2026-05-04T07:00:00Z', '2026-05-05T07:00:00Z', 'inventory'),
    once('2026-05-05T07:00:00Z', '2026-05-05T09:00:00Z', 'audit'),
  ];

  test('all that are in force are told, and when none is any more', () => {
    expect(freezing(freezes, at('2026-05-04T07:30:00Z'))).toEqual({
      windows: [
        { name: 'weekend', until: at('2026-05-04T08:00:00Z') },
        { name: 'inventory', until: at('2026-05-05T07:00:00Z') },
      ],
      thaws: at('2026-05-05T09:00:00Z'),
    });
    expect(frozenBy(freezes, at('2026-05-04T07:30:00Z'))?.name).toBe('inventory');
  });

  test('that leave no time have no end', () => {
    expect(
      freezing(
        [weekly('mon 00:00', 'thu 00:00'), weekly('wed 00:00', 'mon 00:00', 'UTC', 'rest')],
        at('2026-05-04T07:30:00Z'),
      ).thaws,
    ).toBeUndefined();
  });

  test.each([
    ['a millisecond before the first', '2026-05-01T15:59:59.999Z', '2026-05-01T15:59:59.999Z'],
    ['its first moment: one goes on where another ends', '2026-05-01T16:00:00Z', '2026-05-05T09:00:00Z'],
    ['the moment of the change', '2026-05-05T07:00:00Z', '2026-05-05T09:00:00Z'],
    ['a millisecond before the end of the last', '2026-05-05T08:59:59.999Z', '2026-05-05T09:00:00Z'],
    ['the end of the last', '2026-05-05T09:00:00Z', '2026-05-05T09:00:00Z'],
  ])('at %s a go-live may start at', (_, iso, thaws) => {
    expect(freezing(freezes, at(iso)).thaws).toBe(at(thaws));
  });

  test('without one nothing is frozen', () => {
    expect(freezing([], 5)).toEqual({ windows: [], thaws: 5 });
  });
});

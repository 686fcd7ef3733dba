import { describe, expect, test } from '@jest/globals';
import { readStartAt } from '../../../src/cli/options/start-at.js';

const NOW = Date.parse('2026-05-02T12:00:00Z');

describe('when a go-live is to begin', () => {
  test.each([
    ['2026-05-02T22:30:00+02:00', '2026-05-02T20:30:00.000Z'],
    ['2026-05-02T22:30Z', '2026-05-02T22:30:00.000Z'],
    ['+2h', '2026-05-02T14:00:00.000Z'],
    ['+1h30m', '2026-05-02T13:30:00.000Z'],
  ])('%s', (text, at) => expect(readStartAt(text, NOW)).toBe(at));

  test('a time of the day is today here, or tomorrow when it is over', () => {
    const here = new Date(NOW);
    const clock = (minutes: number) => {
      const at = new Date(NOW + minutes * 60_000);
      return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
    };
    expect(Date.parse(readStartAt(clock(5), NOW)) - NOW).toBe(5 * 60_000);
    expect(new Date(readStartAt(clock(-5), NOW)).getDate()).toBe(
      new Date(here.getFullYear(), here.getMonth(), here.getDate() + 1).getDate(),
    );
    expect(Date.parse(readStartAt(clock(0), NOW)) - NOW).toBe(24 * 3_600_000);
  });

  test.each([
    ['2026-05-02T11:59:59Z', 'is over: it is 2026-05-02T12:00:00.000Z now. Write a moment ahead, or leave --at out'],
    ['2026-05-02T22:30:00', 'is not a start time. Write a date-time with a UTC offset such as'],
    ['24:30', 'is not a start time'],
    ['tonight', 'is not a start time'],
    ['+2', '"2" is not a duration'],
    ['+0h', 'is over'],
    ['2026-11-31T10:00:00Z', 'is not a start time'],
    ['+2161h', 'is more than 90 days ahead'],
  ])('%s is refused', (text, why) => expect(() => readStartAt(text, NOW)).toThrow(why));
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAlert, type Alert } from '../../../src/domain/alerts/alert.js';
import { MORE_SOURCES, MOST_FIRING, takeBounded } from '../../../src/domain/alerts/bounded-alerts.js';
import {
  fires,
  firingSince,
  firingText,
  RESOLVED_REMEMBERED,
  takeAlert,
  type ExternalAlerts,
} from '../../../src/domain/alerts/external-alerts.js';
import { noTimeline, Timeline } from '../../../src/domain/run/timeline.js';
import { runs } from '../../support/property-runs.js';

const message = (state: Alert['state'], since: number, source: string, trigger = 'p1'): Alert => ({
  trigger,
  state,
  since,
  source,
});
const crowd = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);
const after = (messages: readonly Alert[], before: ExternalAlerts = []) => messages.reduce(takeBounded, before);

describe('more sources than a run can hand over', () => {
  const many = after(crowd(MOST_FIRING + 100).map((source, index) => message('firing', 1_000 + index, source)));

  test('are one more source, which fires since the first of them', () => {
    expect(many.filter(fires)).toHaveLength(MOST_FIRING + 1);
    expect(many.at(-1)).toMatchObject({ source: MORE_SOURCES });
    expect(many.at(-1)?.firingSince[0]).toBe(1_000 + MOST_FIRING);
  });

  test('fire on when those that are known are over, until somebody resolves them', () => {
    const over = after(
      crowd(MOST_FIRING + 100).map((source) => message('resolved', 9_000, source)),
      many,
    );
    expect(firingSince(over, 'p1')).toBe(1_000 + MOST_FIRING);
    expect(firingText(over, { name: 'p1', for: 0 }, 9_000)).toMatch(/\(more than 100 sources\)$/);
    expect(firingSince(takeBounded(over, message('resolved', 9_500, MORE_SOURCES)), 'p1')).toBeUndefined();
  });

  test('are told apart by their trigger', () => {
    const two = takeBounded(many, message('firing', 7_000, 'x', 'p2'));
    expect(firingSince(two, 'p2')).toBe(7_000);
    expect(firingSince(takeBounded(two, message('resolved', 8_000, MORE_SOURCES)), 'p2')).toBe(7_000);
  });

  test('that are told again are no news', () => {
    expect(takeBounded(many, message('firing', 1_000 + MOST_FIRING, `s${MOST_FIRING}`))).toBe(many);
  });

  test('one of those that are known by themselves resolves and fires again as ever', () => {
    const ended = takeBounded(many, message('resolved', 9_000, 's7'));
    expect(ended.find(({ source }) => source === 's7')?.firingSince).toEqual([]);
    expect(takeBounded(ended, message('firing', 9_500, 's7')).find(({ source }) => source === 's7')).toMatchObject({
      firingSince: [9_500],
    });
  });
});

test('no trigger that is met is taken for one that is not, whatever comes', () => {
  const one = fc.record({
    state: fc.constantFrom('firing', 'firing', 'resolved', 'unknown'),
    since: fc.nat(50),
    source: fc.nat(MOST_FIRING + 20).map((index) => `s${index}`),
    trigger: fc.constantFrom('p1', 'p2'),
  });
  const start = crowd(MOST_FIRING - 10).map((source) => message('firing', 10, source));
  fc.assert(
    fc.property(fc.array(one as fc.Arbitrary<Alert>, { maxLength: 60 }), (messages) => {
      const whole = [...start, ...messages].reduce<ExternalAlerts>(takeAlert, []);
      const bounded = after([...start, ...messages]);
      for (const trigger of ['p1', 'p2'])
        if (firingSince(whole, trigger) !== undefined)
          expect(firingSince(bounded, trigger)).toBeLessThanOrEqual(firingSince(whole, trigger) as number);
    }),
    runs(50),
  );
});

test('what messages can make a run know fits into what a run can hand over', () => {
  const long = (index: number) => `${index}${'在庫確認'.repeat(100)}`;
  const messages = Array.from({ length: RESOLVED_REMEMBERED + 2 * MOST_FIRING }, (_, index) => ({
    trigger: `p1-${'x'.repeat(40)}`,
    since: `2026-03-01T02:00:00Z`,
    source: long(index),
    name: long(index),
    value: long(index),
    link: `https://prometheus.example/${'x'.repeat(470)}`,
  }));
  const read = (payload: object) => readAlert(payload, Date.parse('2026-03-01T03:00:00Z')) as Alert;
  const alerts = after([
    ...messages
      .slice(0, RESOLVED_REMEMBERED)
      .flatMap((each) => [
        read({ ...each, state: 'firing' }),
        read({ ...each, state: 'resolved', since: '2026-03-01T02:10:00Z' }),
      ]),
    ...messages
      .slice(RESOLVED_REMEMBERED)
      .flatMap((each) =>
        Array.from({ length: 25 }, (_, second) =>
          read({ ...each, state: 'firing', since: Date.parse(each.since) + second }),
        ),
      ),
  ]);
  const state = noTimeline();
  const timeline = new Timeline(state);
  for (let index = 0; index < 2_000; index += 1) timeline.add('2026-03-01T02:00:00.000Z', long(index));
  const bytes = Buffer.byteLength(JSON.stringify([alerts, state, state]));
  expect(alerts.length).toBe(RESOLVED_REMEMBERED + MOST_FIRING + 1);
  expect(bytes).toBeGreaterThan(800_000);
  expect(bytes).toBeLessThan(1.25 * 1024 * 1024);
});

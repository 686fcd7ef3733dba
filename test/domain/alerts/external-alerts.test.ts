import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/domain/alerts/alert.js';
import {
  externalDeadline,
  firingSince,
  firingText,
  fires,
  inPlace,
  isNews,
  RESOLVED_REMEMBERED,
  takeAlert,
  unknownText,
  type ExternalAlerts,
} from '../../../src/domain/alerts/external-alerts.js';
import { runs } from '../../support/property-runs.js';

const MINUTE = 60_000;
const TRIGGER = { name: 'p1', for: 2 * MINUTE };
const alert = (state: Alert['state'], since: number, source = 'a', trigger = 'p1'): Alert => ({
  trigger,
  state,
  since,
  source,
});
const firing = (since: number, source?: string, trigger?: string) => alert('firing', since, source, trigger);
const resolved = (since: number, source?: string, trigger?: string) => alert('resolved', since, source, trigger);
const after = (...messages: Alert[]) => messages.reduce<ExternalAlerts>(takeAlert, []);

describe('external alerts', () => {
  test('a firing has a deadline, and loses it when it is resolved', () => {
    expect(externalDeadline(after(firing(1_000)), TRIGGER)).toBe(121_000);
    expect(externalDeadline(after(firing(1_000), resolved(1_001)), TRIGGER)).toBeUndefined();
    expect(externalDeadline(after(firing(1_000)), { name: 'p1', for: 0 })).toBe(1_000);
    expect(externalDeadline([], TRIGGER)).toBeUndefined();
  });

  test('the earliest of the sources that fire decides', () => {
    const both = after(firing(5_000, 'b'), firing(3_000, 'a'));
    expect(firingSince(both, 'p1')).toBe(3_000);
    expect(firingSince(takeAlert(both, resolved(6_000, 'a')), 'p1')).toBe(5_000);
    expect(firingSince(both, 'p2')).toBeUndefined();
  });

  test('another trigger with the same source is another matter', () => {
    expect(firingSince(after(firing(1_000), resolved(2_000, 'a', 'p2')), 'p1')).toBe(1_000);
  });

  test('a duplicate, and what is older than the end it is about, change nothing at all', () => {
    const alerts = after(firing(1_000), resolved(2_000));
    for (const late of [firing(1_000), firing(1_500), resolved(2_000), resolved(1_500)])
      expect(takeAlert(alerts, late)).toBe(alerts);
    const fired = after(firing(1_000));
    expect(takeAlert(fired, { ...firing(1_000), value: 'another' })).toBe(fired);
  });

  test('an old end does not end what began after it', () => {
    expect(firingSince(after(firing(3_000), resolved(2_000)), 'p1')).toBe(3_000);
  });

  test('resolved and firing again is a new row', () => {
    expect(firingSince(after(firing(1_000), resolved(2_000), firing(3_000)), 'p1')).toBe(3_000);
    expect(firingSince(after(firing(1_000), firing(3_000), resolved(2_000)), 'p1')).toBe(3_000);
  });

  test('told to fire again and again, as by a script without times, it has fired since the first', () => {
    const told = Array.from({ length: 500 }, (_, index) => firing(1_000 + index * 30_000));
    expect(firingSince(after(...told), 'p1')).toBe(1_000);
    expect(JSON.stringify(after(...told)).length).toBeLessThan(500);
  });

  test('at equal times resolved wins', () => {
    expect(firingSince(after(firing(1_000), resolved(1_000)), 'p1')).toBeUndefined();
    expect(firingSince(after(resolved(1_000), firing(1_000)), 'p1')).toBeUndefined();
  });

  test('says who fires, for how long of what', () => {
    const alerts = after({ ...firing(0), value: '5xx 7.2 %', source: 'alertmanager:0a1b' }, firing(10_000, 'b'));
    expect(firingText(alerts, TRIGGER, 80_000)).toBe(
      'fires for 1m 20s of 2m, 5xx 7.2 % (alertmanager:0a1b and 1 more)',
    );
    expect(firingText(after(firing(0)), { name: 'p1', for: 0 }, 1_000)).toBe('fires for 1s, (a)');
    expect(firingText([], TRIGGER, 0)).toBeUndefined();
  });

  test('remembers many sources, and each that fires', () => {
    const crowd = Array.from({ length: 3 * RESOLVED_REMEMBERED }, (_, index) => `s${index}`);
    const alerts = after(
      ...crowd.map((source) => firing(1_000, source)),
      ...crowd.slice(1).map((source) => resolved(2_000, source)),
    );
    expect(alerts.length).toBe(RESOLVED_REMEMBERED + 1);
    expect(alerts.filter(fires).map(({ source }) => source)).toEqual(['s0']);
    expect(alerts.at(-1)?.source).toBe(crowd.at(-1));
  });
});

/** What was heard, when. */
const at = (heard: number, message: Alert): Alert => ({ ...message, heard });
const unknown = (since: number, source?: string) => alert('unknown', since, source);
const S = 1_000;

describe('a firing that is said again after its end, with its old beginning', () => {
  const falseEnd = [at(0, firing(0)), at(300 * S, resolved(240 * S))];

  test('fires again, its clock counted from when it was heard again', () => {
    const again = after(...falseEnd, at(360 * S, firing(0)), at(420 * S, firing(0)));
    expect(firingSince(again, 'p1')).toBe(360 * S);
    expect(externalDeadline(again, TRIGGER)).toBe(480 * S);
    expect(firingText(again, TRIGGER, 480 * S)).toBe('fires for 2m, (a)');
    expect(firingSince(takeAlert(again, at(500 * S, resolved(490 * S))), 'p1')).toBeUndefined();
  });

  test('that is heard once may be a stale copy: it is shown and has no deadline', () => {
    const once = after(...falseEnd, at(360 * S, firing(0)));
    expect(externalDeadline(once, TRIGGER)).toBeUndefined();
    expect(firingText(once, TRIGGER, 400 * S)).toBe(
      'is said to fire again after its end, once in 40s: it counts when it is said once more, (a)',
    );
    expect(isNews(after(...falseEnd), once, firing(0))).toBe(false);
    expect(isNews(once, takeAlert(once, at(420 * S, firing(0))), firing(0))).toBe(true);
  });

  test.each([
    ['within a second is one copy', 999, undefined],
    ['a second later is said once more', 1_000, 480 * S],
  ])('a copy %s', (_, later, deadline) => {
    const twice = after(...falseEnd, at(360 * S, firing(0)), at(360 * S + later, firing(0)));
    expect(externalDeadline(twice, TRIGGER)).toBe(deadline);
  });

  test('is due at once for a trigger without a time', () => {
    expect(externalDeadline(after(...falseEnd, at(360 * S, firing(0))), { name: 'p1', for: 0 })).toBe(360 * S);
  });

  test('that was heard before the end is stale for certain', () => {
    const alerts = after(...falseEnd);
    expect(takeAlert(alerts, at(240 * S, firing(0)))).toBe(alerts);
  });

  test('ends with whatever end is heard after it, also a copy of the old one', () => {
    const again = after(...falseEnd, at(360 * S, firing(0)), at(420 * S, firing(0)));
    expect(firingSince(takeAlert(again, at(430 * S, resolved(240 * S))), 'p1')).toBeUndefined();
    expect(firingSince(takeAlert(again, at(350 * S, resolved(240 * S))), 'p1')).toBe(360 * S);
    expect(firingSince(takeAlert(again, at(350 * S, resolved(250 * S))), 'p1')).toBe(360 * S);
  });

  test('and again after that is counted anew', () => {
    const second = after(
      ...falseEnd,
      ...[360, 420].map((second) => at(second * S, firing(0))),
      at(430 * S, resolved(425 * S)),
      ...[600, 660].map((second) => at(second * S, firing(0))),
    );
    expect(externalDeadline(second, TRIGGER)).toBe(720 * S);
  });

  test('of one source leaves the clock of another alone', () => {
    const both = after(at(0, firing(100 * S, 'b')), ...falseEnd, at(360 * S, firing(0)), at(420 * S, firing(0)));
    expect(externalDeadline(both, TRIGGER)).toBe(220 * S);
  });

  test('repeated for hours changes nothing any more', () => {
    const again = after(...falseEnd, at(360 * S, firing(0)), at(420 * S, firing(0)));
    expect(takeAlert(again, at(4_000 * S, firing(0)))).toBe(again);
  });
});

describe('an alert that nothing is known of', () => {
  test('fires no trigger, and is shown', () => {
    const alerts = after({ ...unknown(0), value: 'Grafana has no data', name: 'CheckoutFails' });
    expect(firingSince(alerts, 'p1')).toBeUndefined();
    expect(externalDeadline(alerts, { name: 'p1', for: 0 })).toBeUndefined();
    expect(firingText(alerts, TRIGGER, S)).toBeUndefined();
    expect(unknownText(alerts, 'p1', 300 * S)).toEqual({
      since: 0,
      text: 'is unknown for 5m, Grafana has no data (CheckoutFails)',
    });
    expect(isNews([], alerts, unknown(0))).toBe(true);
    expect(takeAlert(alerts, unknown(0))).toBe(alerts);
  });

  test('ends with its resolved', () => {
    const alerts = after(unknown(0), resolved(60 * S));
    expect(unknownText(alerts, 'p1', 300 * S)).toBeUndefined();
    expect(isNews(after(unknown(0)), alerts, unknown(0))).toBe(true);
  });

  test('keeps another source that fires from nothing', () => {
    const alerts = after(firing(0, 'b'), unknown(10 * S));
    expect(externalDeadline(alerts, TRIGGER)).toBe(120 * S);
    expect(unknownText(alerts, 'p1', 10 * S)?.text).toBe('is unknown for under 1s, (a)');
  });

  test('and fired before fires again when it is known again, the time between counted', () => {
    const blind = after(firing(0), unknown(10 * S));
    expect(externalDeadline(blind, TRIGGER)).toBeUndefined();
    expect(externalDeadline(takeAlert(blind, firing(0)), TRIGGER)).toBe(120 * S);
    expect(firingSince(takeAlert(blind, resolved(20 * S)), 'p1')).toBeUndefined();
  });

  test('and is said again after its end is unknown again', () => {
    const over = after(unknown(0), at(70 * S, resolved(60 * S)));
    expect(takeAlert(over, unknown(0))).toBe(over);
    expect(unknownText(takeAlert(over, at(90 * S, unknown(0))), 'p1', 100 * S)).toMatchObject({ since: 90 * S });
  });
});

test('an alert is shown by its name and link', () => {
  const named = { ...firing(0), source: 'alertmanager:0a1b', name: 'CheckoutFails', link: 'http://prom/graph?g0' };
  expect(firingText(after({ ...named, value: '91 %' }), TRIGGER, S)).toBe(
    'fires for 1s of 2m, 91 % (CheckoutFails http://prom/graph?g0)',
  );
});

/** The same said naively: lay the whole log in order, then walk through it. */
function inOrder(log: readonly Alert[], trigger: string): number | undefined {
  const open = new Map<string, number>();
  const sorted = [...log].sort(
    (a, b) => a.since - b.since || (a.state === b.state ? 0 : a.state === 'resolved' ? 1 : -1),
  );
  for (const each of sorted) {
    if (each.trigger !== trigger) continue;
    if (each.state === 'resolved') open.delete(each.source);
    else if (!open.has(each.source)) open.set(each.source, each.since);
  }
  return [...open.values()].sort((a, b) => a - b)[0];
}

describe('in whatever order', () => {
  const message = fc.record<Alert>({
    trigger: fc.constantFrom('p1', 'p2'),
    state: fc.constantFrom('firing', 'resolved'),
    since: fc.integer({ min: 1, max: 30 }),
    source: fc.constantFrom('a', 'b', 'c'),
  });
  const delivery = fc
    .array(message, { maxLength: 15 })
    .chain((log) =>
      fc.tuple(fc.constant(log), fc.array(fc.integer({ min: 0, max: Math.max(0, log.length - 1) }), { maxLength: 15 })),
    )
    .chain(([log, again]) => {
      const sent = [...log, ...again.flatMap((index) => log[index] ?? [])];
      return fc.tuple(fc.constant(log), fc.shuffledSubarray(sent, { minLength: sent.length }));
    });

  test('messages arrive, late and more than once, the end is that of their log', () => {
    fc.assert(
      fc.property(delivery, ([log, delivered]) => {
        const end = after(...delivered);
        for (const trigger of ['p1', 'p2']) expect(firingSince(end, trigger)).toBe(inOrder(log, trigger));
        for (const each of delivered) expect(takeAlert(end, each)).toBe(end);
      }),
      runs(300),
    );
  });

  test('at every moment the state is that of what was heard by then', () => {
    fc.assert(
      fc.property(delivery, ([, delivered]) => {
        for (let heard = 0; heard <= delivered.length; heard += 1) {
          const sofar = delivered.slice(0, heard);
          expect(firingSince(after(...sofar), 'p1')).toBe(inOrder(sofar, 'p1'));
        }
      }),
      runs(200),
    );
  });
});

describe('messages without a time of their own', () => {
  const told = (...states: Alert['state'][]) =>
    states.reduce<ExternalAlerts>(
      (alerts, state) => takeAlert(alerts, inPlace(alerts, alert(state, 1_000), 1_000)),
      [],
    );

  test('that are read in one moment count as they came', () => {
    expect(firingSince(told('firing', 'resolved'), 'p1')).toBeUndefined();
    expect(firingSince(told('resolved', 'firing'), 'p1')).toBe(1_001);
    expect(firingSince(told('firing', 'resolved', 'firing', 'resolved'), 'p1')).toBeUndefined();
    expect(firingSince(told('firing', 'resolved', 'firing', 'resolved', 'firing'), 'p1')).toBe(1_002);
  });

  test('are news only when they change whether, or since when, a source fires', () => {
    const fired = after(firing(1_000));
    expect(isNews([], fired, firing(0))).toBe(true);
    expect(isNews(fired, takeAlert(fired, firing(2_000)), firing(0))).toBe(false);
    expect(isNews(fired, takeAlert(fired, firing(500)), firing(0))).toBe(true);
    const over = takeAlert(fired, resolved(3_000));
    expect(isNews(fired, over, firing(0))).toBe(true);
    expect(isNews(over, takeAlert(over, resolved(4_000)), firing(0))).toBe(false);
  });
});

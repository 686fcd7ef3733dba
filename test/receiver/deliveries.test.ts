import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/domain/alerts/alert.js';
import {
  externalDeadline,
  firingSince,
  takeAlert,
  unknownText,
  type ExternalAlerts,
} from '../../src/domain/alerts/external-alerts.js';
import { Deliveries } from '../../src/receiver/deliveries.js';
import { ScriptedSink } from './scripted-sink.js';
import { runs } from '../support/property-runs.js';

const firing = (since: number, source = 'a'): Alert => ({ trigger: 'p1', state: 'firing', since, source });
const resolved = (since: number, source = 'a'): Alert => ({ trigger: 'p1', state: 'resolved', since, source });
const many = (count: number, make: (source: string) => Alert) =>
  Array.from({ length: count }, (_, index) => make(`s${index}`));

let now: number;
let sink: ScriptedSink;
let deliveries: Deliveries;
beforeEach(() => {
  now = 0;
  sink = new ScriptedSink();
  deliveries = new Deliveries(sink, () => now);
});
const deliver = (...alerts: Alert[]) => deliveries.deliver('prod', alerts);

describe('alerts', () => {
  test('are told once', async () => {
    expect(await deliver(firing(1))).toEqual({ kind: 'delivered', signals: 1 });
    expect(await deliver(firing(1), firing(1))).toEqual({ kind: 'delivered', signals: 0 });
    expect(await deliver(resolved(2))).toEqual({ kind: 'delivered', signals: 1 });
    expect(await deliver(firing(1))).toEqual({ kind: 'delivered', signals: 0 });
    expect(sink.told.map(({ alert }) => alert)).toEqual([firing(1), resolved(2)]);
  });

  test('are told once by requests that come together', async () => {
    await Promise.all([deliver(firing(1)), deliver(firing(1)), deliver(firing(1))]);
    expect(sink.signals).toEqual(['p1 firing a']);
  });

  test('are told again to another go-live, which knows nothing of them', async () => {
    await deliver(firing(1));
    sink.goLive = () => 'second';
    expect(await deliver(firing(1))).toEqual({ kind: 'delivered', signals: 1 });
  });

  test('go to nobody when no go-live is open, nor when it ends meanwhile', async () => {
    sink.goLive = () => undefined;
    expect(await deliver(firing(1))).toEqual({ kind: 'no-go-live' });
    sink.goLive = () => 'first';
    sink.beforeTelling = () => (sink.goLive = () => undefined);
    expect(await deliver(firing(1))).toEqual({ kind: 'no-go-live' });
    expect(sink.told).toEqual([]);
  });

  test('firing ones go first, the longest firing before the others', async () => {
    await deliver(firing(1, 'x'));
    await deliver(resolved(5, 'x'), firing(4, 'b'), firing(3, 'a'));
    expect(sink.signals.slice(1)).toEqual(['p1 firing a', 'p1 firing b', 'p1 resolved x']);
  });

  test('that were not accepted are told when they come again, the others are not', async () => {
    sink.beforeTelling = ({ source }) => {
      if (source === 's1') throw new Error('away');
    };
    await expect(deliver(...many(3, (source) => firing(1, source)))).rejects.toThrow('away');
    expect(sink.signals).toEqual(['p1 firing s0']);
    sink.beforeTelling = () => undefined;
    expect(await deliver(...many(3, (source) => firing(1, source)))).toEqual({ kind: 'delivered', signals: 2 });
  });

  test('of one environment do not wait for those of another', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    sink.beforeTelling = ({ source }) => (source === 'slow' ? held : undefined);
    const slow = deliver(firing(1, 'slow'));
    expect(await deliveries.deliver('staging', [firing(1)])).toEqual({ kind: 'delivered', signals: 1 });
    release();
    await slow;
  });

  test('are sent away when too many wait', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    sink.beforeTelling = () => held;
    const waiting = Array.from({ length: 10 }, (_, index) => deliver(firing(index + 1)));
    expect(await deliver(firing(99))).toEqual({ kind: 'later', signals: 0, retryInSeconds: 1 });
    release();
    await Promise.all(waiting);
    expect(await deliver(firing(99, 'z'))).toMatchObject({ kind: 'delivered' });
  });
});

describe('a firing that is said again after its end', () => {
  const S = 1_000;
  const hear = (at: number, alert: Alert) => {
    now = at;
    return deliver({ ...alert, heard: at });
  };

  test('is told when it is heard, and once more when it is no stale copy', async () => {
    await hear(10, firing(5));
    await hear(300 * S, resolved(240 * S));
    expect(await hear(360 * S, firing(5))).toMatchObject({ signals: 1 });
    expect(await hear(360 * S + 10, firing(5))).toMatchObject({ signals: 0 });
    expect(await hear(420 * S, firing(5))).toMatchObject({ signals: 1 });
    expect(await hear(480 * S, firing(5))).toMatchObject({ signals: 0 });
    expect(sink.told.map(({ alert }) => alert).slice(2)).toEqual([
      { ...firing(5), heard: 360 * S },
      { ...firing(5), heard: 420 * S },
    ]);
    expect(await hear(500 * S, resolved(490 * S))).toMatchObject({ signals: 1 });
    expect(await hear(600 * S, firing(5))).toMatchObject({ signals: 1 });
  });

  test('is over again with a copy of its old end', async () => {
    await hear(10, firing(5));
    await hear(300 * S, resolved(240 * S));
    await hear(360 * S, firing(5));
    expect(await hear(370 * S, resolved(240 * S))).toMatchObject({ signals: 1 });
    expect(await hear(380 * S, resolved(240 * S))).toMatchObject({ signals: 0 });
  });

  test('is told twice by a receiver that began after it, which may have missed its end', async () => {
    deliveries = new Deliveries(sink, () => (now ||= 100 * S));
    expect(await hear(101 * S, firing(5))).toMatchObject({ signals: 1 });
    expect(await hear(101 * S + 10, firing(5))).toMatchObject({ signals: 0 });
    expect(await hear(161 * S, firing(5))).toMatchObject({ signals: 1 });
    expect(await hear(221 * S, firing(5))).toMatchObject({ signals: 0 });
    const told = sink.told.map(({ alert }) => alert);
    const run = [
      { ...firing(5), heard: 1 },
      { ...resolved(50 * S), heard: 60 * S },
      { ...told[0], heard: 101 * S } as Alert,
    ];
    const known = [...run, told[1] as Alert].reduce<ExternalAlerts>(takeAlert, []);
    expect(known[0]?.again).toEqual({ since: 5, heard: 101 * S, twice: true });
  });

  test('is told, and its end, when nothing is known of it meanwhile', async () => {
    await deliver({ ...firing(1), state: 'unknown' });
    await deliver({ ...firing(1), state: 'unknown' });
    await deliver(firing(1));
    await deliver(resolved(2));
    await deliver({ ...firing(3), state: 'unknown' }, resolved(4));
    await deliver({ ...firing(5), state: 'unknown' });
    await deliver(resolved(6));
    expect(sink.told.map(({ alert }) => `${alert.state} ${alert.since}`)).toEqual([
      'unknown 1',
      'firing 1',
      'resolved 2',
      'unknown 5',
      'resolved 6',
    ]);
  });
});

test('two senders of one alert: it fires while one of them says so', async () => {
  await deliver(firing(1, 'fp@am-1'), firing(1, 'fp@am-2'));
  await deliver(resolved(5, 'fp@am-1'));
  const known = () => sink.told.map(({ alert }) => alert).reduce<ExternalAlerts>(takeAlert, []);
  expect(firingSince(known(), 'p1')).toBe(1);
  await deliver(resolved(9, 'fp@am-2'));
  expect(firingSince(known(), 'p1')).toBeUndefined();
});

describe('a flood', () => {
  test('of sources that fire has an end', async () => {
    for (let wave = 0; wave < 5; wave += 1) await deliver(...many(500, (source) => firing(1, `${wave}-${source}`)));
    expect(await deliver(firing(1, 'one more'))).toMatchObject({ kind: 'later', signals: 0 });
  });

  test('of flips of one source leaves room for a firing of another, and nothing is lost', async () => {
    let refused = 0;
    for (let flip = 1; flip < 2_000; flip += 1) {
      const { kind } = await deliver(flip % 2 === 1 ? firing(flip) : resolved(flip));
      if (kind === 'later') refused += 1;
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(sink.told.length).toBeLessThanOrEqual(400);
    expect(await deliver(firing(5_000, 'other'))).toMatchObject({ signals: 1 });
    expect(sink.signals.at(-1)).toBe('p1 firing other');
    now += 10 * 75_000;
    expect(await deliver(resolved(9_000))).toMatchObject({ kind: 'delivered' });
    expect(firingSince(sink.told.map(({ alert }) => alert).reduce<ExternalAlerts>(takeAlert, []), 'p1')).toBe(5_000);
  });

  test('of 1,000 duplicates is one signal', async () => {
    for (let index = 0; index < 1_000; index += 1) await deliver(firing(1));
    expect(sink.told.length).toBe(1);
  });

  test('of sources is taken as fast as the run can bear, each firing in the end', async () => {
    const all = many(1_000, (source) => firing(1, source));
    expect(await deliver(...all)).toEqual({ kind: 'later', signals: 400, retryInSeconds: 75 });
    now += 700 * 75_000;
    expect(await deliver(...all)).toMatchObject({ kind: 'later', signals: 400 });
    now += 700 * 75_000;
    expect(await deliver(...all)).toEqual({ kind: 'delivered', signals: 200 });
    expect(new Set(sink.signals).size).toBe(1_000);
  });

  test('of 72 h stays far under the 10,000 signals of a run', async () => {
    for (let second = 0; second < 72 * 3_600; second += 60) {
      now = second * 1_000;
      await deliver(
        ...many(50, (source) => (second % 120 === 0 ? firing(now + 1, source) : resolved(now + 1, source))),
      );
    }
    expect(sink.told.length).toBeLessThan(4_000);
  });
});

test('whatever arrives in whatever order, with failures: in the end the go-live knows what was seen, and was told nothing twice', async () => {
  const message = fc.record<Alert>({
    trigger: fc.constant('p1'),
    state: fc.constantFrom('firing', 'resolved'),
    since: fc.integer({ min: 1, max: 20 }),
    source: fc.constantFrom('a', 'b'),
  });
  const requests = fc.array(fc.record({ alerts: fc.array(message, { maxLength: 4 }), fails: fc.boolean() }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const own = new ScriptedSink();
      const under = new Deliveries(own, () => 0);
      for (const { alerts, fails } of all) {
        own.beforeTelling = () => {
          if (fails) throw new Error('away');
        };
        await under.deliver('prod', alerts).catch(() => undefined);
      }
      own.beforeTelling = () => undefined;
      await under.deliver('prod', []);
      const told = own.told.map(({ alert }) => alert);
      const seen = all.flatMap(({ alerts }) => alerts).reduce<ExternalAlerts>(takeAlert, []);
      expect(firingSince(told.reduce<ExternalAlerts>(takeAlert, []), 'p1')).toBe(firingSince(seen, 'p1'));
      expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(told.length);
    }),
    runs(500),
  );
});

test('whatever is heard when, also of what nothing is known and what is said again after its end: the go-live knows what was seen', async () => {
  const message = fc.record({
    state: fc.constantFrom<Alert['state']>('firing', 'resolved', 'unknown'),
    age: fc.integer({ min: 0, max: 20_000 }),
    source: fc.constantFrom('a', 'b'),
  });
  const requests = fc.array(
    fc.record({
      alerts: fc.array(message, { maxLength: 3 }),
      later: fc.integer({ min: 1, max: 4_000 }),
      fails: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const own = new ScriptedSink();
      let at = 100_000;
      const under = new Deliveries(own, () => at);
      let seen: ExternalAlerts = [];
      for (const { alerts, later, fails } of all) {
        at += later;
        own.beforeTelling = () => {
          if (fails) throw new Error('away');
        };
        // Few beginnings, so that some are said again.
        const heard = alerts.map<Alert>(({ age, ...more }) => ({
          ...more,
          trigger: 'p1',
          since: Math.floor((at - age) / 7_000) * 7_000,
          heard: at,
        }));
        seen = heard.reduce(takeAlert, seen);
        await under.deliver('prod', heard).catch(() => undefined);
      }
      own.beforeTelling = () => undefined;
      at += 1;
      await under.deliver('prod', []);
      await under.deliver('prod', []);
      const told = own.told.map(({ alert }) => ({ heard: at, ...alert })).reduce<ExternalAlerts>(takeAlert, []);
      const known = (alerts: ExternalAlerts) => ({
        since: firingSince(alerts, 'p1'),
        due: externalDeadline(alerts, { name: 'p1', for: 5_000 }),
        unknown: unknownText(alerts, 'p1', at) !== undefined,
      });
      expect(known(told)).toEqual(known(seen));
    }),
    runs(300),
  );
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/domain/alert.js';
import { firingSince, takeAlert, type ExternalAlerts } from '../../src/domain/external-alerts.js';
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

describe('a flood', () => {
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

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { GoLiveStatus } from '../../src/domain/run/status.js';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
import { describeWith } from '../support/monitoring.js';
import { TestPrometheus } from '../support/prometheus.js';
import { triggerOf, type PlaybookData } from '../support/quick-playbook.js';
import { throughPrometheus } from '../support/through-prometheus.js';
import { expectCompleted, expectRolledBack } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start({ traffic: 40 })));
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

const FOR_S = 10;
const SLOW = { way: 'slow', addMs: 900 } as const;
const tenSeconds = (playbook: PlaybookData) => void (triggerOf(playbook, 'latency').for = `${FOR_S}s`);

/** For how many seconds a latency clock has run, as people are shown it: the canary is slow, and an eighth of the whole. Nothing while none runs. */
function clockOf({ watching }: GoLiveStatus): number | undefined {
  const running = watching
    .filter(({ check }) => check === 'p95')
    .flatMap(({ triggers }) => triggers.flatMap((each) => (each.name === 'latency' ? (each.running ?? []) : [])));
  const seconds = running.flatMap((text) => {
    const shown = /^p95 [\d.]+ ms > 500 ms for (?:under 1s|(?:(\d+)m )?(\d+)s)\b/.exec(text);
    return shown ? [60 * Number(shown[1] ?? 0) + Number(shown[2] ?? 0)] : [];
  });
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

const isBlind = ({ blind }: GoLiveStatus, at: string) =>
  blind.some(({ check, target, to }) => check === 'p95' && target === at && to === undefined);
const hasRun = (run: GoLiveRun, seconds: number) =>
  run.until(`the clock at ${seconds} s`, (status) => (clockOf(status) ?? 0) >= seconds);

/** It was rolled back, once, and not before the clock was over: a slow canary can't have been slow before it was deployed. */
async function expectFiredInTime(run: GoLiveRun): Promise<void> {
  await expectRolledBack(
    site,
    run,
    ['canary 10 -> 0'],
    /^p95 at (canary|service) [\d.]+ ms > 500 ms for \d+s(, \d+s over the 10s)?$/,
  );
  const { stop, timeline } = await run.result();
  expect(stop?.by).toBe('trigger latency');
  expect(Number(/for (\d+)s/.exec(stop?.reason ?? '')?.[1])).toBeGreaterThanOrEqual(FOR_S);
  // Each of the two targets has a clock of its own, and each fires once at most.
  const fired = timeline.flatMap(({ what }) => /^trigger latency: p95 at (\w+)/.exec(what)?.[1] ?? []);
  expect(fired).toEqual([...new Set(fired)]);
  const [deployed, rollback] = site.sandbox
    .journal()
    .flatMap((entry) => (entry.event === 'start' ? [Date.parse(entry.at)] : []))
    .slice(-2) as [number, number];
  expect(rollback - deployed).toBeGreaterThanOrEqual(FOR_S * 1_000);
}

describe('in the middle of a breach clock', () => {
  beforeEach(() => site.playbook(tenSeconds));

  test.each([
    ['the worker is killed with -9, and another goes on', () => site.replaceWorker()],
    ['the Temporal server is killed with -9 and comes back', () => site.replaceServer()],
  ])('%s: the clock runs on', async (_, die) => {
    const run = await site.goLive([SLOW]);
    const shown = clockOf(await hasRun(run, 3)) ?? 0;
    await die();
    // The first that is shown after that, and never less than before.
    expect(clockOf(await run.until('a status', () => true))).toBeGreaterThanOrEqual(shown);
    await expectFiredInTime(run);
  });
});

describeWith('prometheus', 'Prometheus is away when the clock ends', (binary) => {
  let prometheus: TestPrometheus;
  beforeAll(
    async () =>
      void (prometheus = await TestPrometheus.start(binary, {
        targets: { discovery: site.sandbox.info.discoveryUrl },
      })),
  );
  beforeEach(() =>
    site.playbook((playbook) => {
      throughPrometheus(playbook, prometheus.url);
      tenSeconds(playbook);
    }),
  );
  afterAll(() => prometheus?.stop());

  /** A slow release whose clock has run out while nobody could see: nothing has fired, and people are told. */
  async function outOfSight(leave: () => unknown): Promise<GoLiveRun> {
    const run = await site.goLive([SLOW]);
    await hasRun(run, 6);
    await leave();
    const { phase, stop } = await run.until(
      'the clock over, unseen',
      (status) =>
        (clockOf(status) ?? 0) > FOR_S + 1 &&
        status.holds.some(({ id }) => id === 'blind') &&
        ['canary', 'service'].every((target) => isBlind(status, target)),
    );
    expect([phase, stop]).toEqual(['soaking', undefined]);
    expect(run.deploys()).toEqual(['canary 10 -> 0']);
    return run;
  }

  test('the next reading fires it', async () => {
    const run = await outOfSight(() => prometheus.die());
    await prometheus.revive();
    await expectFiredInTime(run);
  });

  test('the next reading clears it when the breach is over meanwhile, and the release goes live', async () => {
    const run = await outOfSight(() => prometheus.freeze());
    await site.sandbox.setReleaseBad(run.input.release, []);
    await pause(10 * SLOW.addMs); // answers that were slow already are counted before anybody looks, on a busy machine too
    prometheus.goOn();
    await expectCompleted(site, run);
    expect((await run.result()).timeline.filter(({ what }) => what.startsWith('trigger '))).toEqual([]);
  });
});

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { GoLiveStatus } from '../../src/domain/run/status.js';
import {
  ERRORS,
  expectCaught,
  FAILING_SMOKE,
  NEVER_READY,
  SLOW,
  UNHEALTHY,
  UNHEALTHY_LATER,
  type BadRelease,
} from '../support/bad-release-cases.js';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
import { describeWith } from '../support/monitoring.js';
import { usually } from '../support/pairs.js';
import { TestPrometheus } from '../support/prometheus.js';
import { stageOf, triggerOf, type PlaybookData } from '../support/quick-playbook.js';
import { throughPrometheus, WINDOW_MS } from '../support/through-prometheus.js';
import { expectCompleted } from '../support/what-a-run-did.js';

const DRIFT: BadRelease = {
  title: 'a contract that drifts',
  bad: { way: 'contract-drift', change: 'retyped' },
  // Seen through the balancer only: one answer in eight is the canary's.
  playbook: (playbook) => {
    stageOf(playbook, 'canary').soak = { min: '30s', max: '1m', settle: '1s' };
    Object.assign(playbook.checks.find(({ contracts }) => contracts) ?? {}, { every: '500ms' });
  },
  by: /^trigger contract-drift$/,
  reason: /^contracts at service .*(total_units|net_sales|row_count)/,
  deploys: ['canary 10 -> 0'],
};

describeWith('prometheus', 'what a real Prometheus sees decides', (binary) => {
  let site: EndToEnd;
  let prometheus: TestPrometheus;
  beforeAll(async () => {
    // An instance is slow for a while after its restart, as real ones are.
    site = await EndToEnd.start({ traffic: 40, warmUpMs: 2_000 });
    prometheus = await TestPrometheus.start(binary, { targets: { discovery: site.sandbox.info.discoveryUrl } });
  });
  afterEach(async () => {
    await site.endLeftRun();
    await prometheus.revive();
  });
  afterAll(async () => {
    await prometheus?.stop();
    await site?.stop();
  });

  const playbook = (change: (playbook: PlaybookData) => void = () => undefined) =>
    site.playbook((data) => {
      throughPrometheus(data, prometheus.url);
      change(data);
    });
  /** What it leaves behind is repaired, and out of the window of the numbers. */
  async function heal(run: GoLiveRun): Promise<void> {
    await site.sandbox.setReleaseBad(run.input.release, []);
    await pause(WINDOW_MS + 1_000);
  }
  const at = (status: GoLiveStatus, check: string, target: string) =>
    status.watching.find((each) => each.check === check && each.target === target);

  // The others are caught in bad-releases.test.ts and rules.test.ts, and here in the campaign.
  const releases = [SLOW, ERRORS, DRIFT, NEVER_READY, UNHEALTHY, UNHEALTHY_LATER, FAILING_SMOKE];
  test.each(usually(1, releases))('$title', async (release) => {
    await playbook(release.playbook);
    await expectCaught(site, release);
  });

  test("a restart's warm-up that runs a clock, and errors inside the guardrail, stop nothing: the release goes live", async () => {
    await playbook((data) => {
      Object.assign(triggerOf(data, 'latency'), { above: '300ms', for: '10s' });
      // At 40 requests a second one error is some percents of what the canary gets.
      Object.assign(data.checks.find(({ name }) => name === 'error-rate') ?? {}, { guardrail: { below: '40%' } });
      Object.assign(data.checks.find(({ name }) => name === 'checkout') ?? {}, { guardrail: { atLeast: '20%' } });
      data.triggers = data.triggers.filter(({ name }) => name !== 'checkout-fails');
      triggerOf(data, 'errors').atLeast = '50%';
      stageOf(data, 'canary').soak = { min: '4s', max: '1m', settle: '500ms' };
    });
    const run = await site.goLive([{ way: 'error-rate', share: 0.3, route: '/aris3/pos/checkout' }]);
    let [clocks, errors] = [false, false];
    await run.until('a clock that ran, and errors while all is well', (status) => {
      clocks ||= status.watching.some(({ triggers }) =>
        triggers.some(({ name, running }) => name === 'latency' && running !== undefined),
      );
      errors ||= status.watching.some(
        ({ check, standing, last = '' }) => check === 'error-rate' && standing === 'clean' && /^[1-9]/.test(last),
      );
      return clocks && errors;
    });
    await expectCompleted(site, run);
    await heal(run);
  });

  test('without Prometheus nothing goes on, people are told, and it goes on by itself when it is back', async () => {
    await playbook((data) => (stageOf(data, 'canary').soak = { min: '4s', max: '1m', settle: '500ms' }));
    const said = (await site.announcements()).length;
    const run = await site.goLive();
    await run.untilPhase('soaking', 'canary');
    await run.until('the canary measured', (status) => at(status, 'p95', 'canary')?.standing === 'clean');
    await prometheus.die();
    const { holds } = await run.untilHold('blind');
    expect(holds.find(({ id }) => id === 'blind')).toMatchObject({
      choices: ['go-on', 'roll-back'],
      // A busy machine may not see the release's own samples in time already before that: the cause is waited for below.
      reason: expect.stringMatching(
        /^No readings of .* at (canary|service) for .*Nothing goes on until they are back/,
      ) as unknown,
    });
    await run.until('a refused connection as the cause', ({ blind }) =>
      blind.some(({ why, to }) => to === undefined && why?.includes('ECONNREFUSED')),
    );
    expect((await site.announcements()).slice(said)).toContainEqual(
      expect.objectContaining({ kind: 'page', text: expect.stringContaining('No readings') as unknown }),
    );
    // Longer than the soak would have taken.
    for (const [check, target] of [
      ['error-rate', 'service'],
      ['p95', 'canary'],
    ])
      await run.until(`${check} at ${target} blind past the soak's time`, ({ blind }) =>
        blind.some(
          (each) =>
            each.check === check &&
            each.target === target &&
            each.to === undefined &&
            Date.now() - Date.parse(each.from) > 6_000,
        ),
      );
    expect(run.deploys()).toEqual(['canary 10 -> 0']);
    await prometheus.revive();
    await expectCompleted(site, run);
    expect((await run.result()).timeline.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^no readings of .*p95.* at canary for .+, from \S+ \S+ to \S+ \S+$/),
    );
  });

  const drift = [
    ["the service's own count", /^trigger violations$/, 'integrity', /^invariants at \S+ .* > 0$/],
    ['the integrity command', /^trigger integrity-drift$/, 'invariants', /stock invariants FAIL/],
  ] as const;
  test.each(usually(1, drift))(
    'drift in the data, which no answer shows, is found by %s',
    async (_, by, without, reason) => {
      await playbook((data) => {
        data.checks = data.checks.filter(({ name }) => name !== without);
        data.triggers = data.triggers.filter(({ check }) => check !== without);
      });
      const run = await site.goLive([{ way: 'stock-drift' }]);
      const { outcome, stop } = await run.result();
      if (without === 'integrity') await heal(run);
      expect([outcome, stop?.by, stop?.reason]).toEqual([
        'rolled-back',
        expect.stringMatching(by),
        expect.stringMatching(reason),
      ]);
    },
  );
});

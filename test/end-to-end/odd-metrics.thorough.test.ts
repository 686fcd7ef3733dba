import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { BadWayInput } from '../../sandbox/bad-way.js';
import { EndToEnd } from '../support/end-to-end.js';
import { describeWith } from '../support/monitoring.js';
import { TestPrometheus } from '../support/prometheus.js';
import { stageOf, triggerOf, type PlaybookData } from '../support/quick-playbook.js';
import { throughPrometheus, WINDOW_MS } from '../support/through-prometheus.js';
import { expectRolledBack } from '../support/what-a-run-did.js';

const errors: BadWayInput = { way: 'error-rate', share: 0.95, route: '/aris3/pos/checkout' };
const slow: BadWayInput = { way: 'slow', addMs: 900 };
const drift: BadWayInput = { way: 'stock-drift' };
type Odd = (BadWayInput & { way: 'odd-metrics' })['how'];

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start({ traffic: 40 })));
afterEach(async () => {
  await site.endLeftRun();
  // What one release did is out of the window of the numbers before the next one's preflight looks at them.
  await pause(WINDOW_MS + 1_000);
});
afterAll(() => site?.stop());

/** Promise 3. The canary is bad and its metrics don't show it: it stays a canary, and people are asked. */
async function staysCanary(odd: Odd, bad: BadWayInput, why: RegExp, change: (playbook: PlaybookData) => void) {
  await site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '4s', max: '1m', settle: '1s' };
    triggerOf(playbook, 'latency').for = '2s';
    // What else would catch it is left out: what is shown is that the metrics alone promote nothing.
    for (const name of ['contracts', 'integrity']) {
      playbook.checks = playbook.checks.filter((check) => check.name !== name);
      playbook.triggers = playbook.triggers.filter((trigger) => trigger.check !== name);
    }
    change(playbook);
  });
  const run = await site.goLive([bad, { way: 'odd-metrics', how: odd }]);
  // A new canary's samples may be late on a busy machine: that is another question, which ends by itself.
  const status = await run.until(
    `a question or a stop because of ${why}`,
    ({ holds, stop }) => stop !== undefined || holds.some(({ id, reason }) => id === 'blind' && why.test(reason)),
  );
  if (status.stop)
    expect(`${status.stop.by} ${status.stop.reason}`).toMatch(/^trigger (errors|latency|violations|checkout-fails) /);
  if (!status.stop) await run.requestAbort({ reason: 'nobody sees', by: 'Ana' });
  if (bad !== drift)
    return expectRolledBack(site, run, ['canary 10 -> 0'], status.stop ? /at (canary|service)/ : /^nobody sees$/);
  // What a drift leaves behind no other release mends: it is repaired.
  const { outcome, summary } = await run.result();
  await site.sandbox.setReleaseBad(run.input.release, []);
  expect([outcome, summary]).toEqual(['rolled-back', expect.any(String)]);
  // The canary's deploy may be still under way when the violations are seen.
  expect(run.deploys()).toEqual([expect.stringMatching(/^canary 10 -> /), expect.stringMatching(/^back to /)]);
}

const scraped: [Odd, BadWayInput, RegExp][] = [
  ['status-renamed', errors, /no status code in the label "status"/],
  ['status-gone', errors, /no status code in the label "status"|has the series http_requests_total.* twice/],
  ['routes-renamed', errors, /No readings of .*checkout/],
  ['summary', slow, /p95 at canary.*(as a summary|are in the histogram)|No readings of p95 at service/],
  ['no-inf', slow, /p95 at canary.*(no \+Inf bucket|are in the histogram)|No readings of p95 at service/],
  [
    'few-buckets',
    slow,
    /the largest bucket .* ends at 250 ms, not above 2000 ms|No readings of p95 at service.*(has other buckets|contradict)/,
  ],
  ['violations-renamed', drift, /No readings of .*invariants/],
];
test.each(scraped)('a bad release whose metrics are odd (%s) stays a canary', (odd, bad, why) =>
  staysCanary(odd, bad, why, () => undefined),
);

describeWith('prometheus', 'through a real Prometheus', (binary) => {
  let prometheus: TestPrometheus;
  beforeAll(async () => {
    prometheus = await TestPrometheus.start(binary, { targets: { discovery: site.sandbox.info.discoveryUrl } });
  });
  afterAll(() => prometheus?.stop());

  const seen: [Odd, BadWayInput, RegExp][] = [
    ['status-renamed', errors, /no status code in the label "status"/],
    ['status-gone', errors, /no status code in the label "status"|No readings of (error-rate|checkout)/],
    ['routes-renamed', errors, /No readings of .*checkout/],
    ['summary', slow, /No readings of .*p95/],
    ['no-inf', slow, /No readings of .*p95/],
    ['few-buckets', slow, /No readings of .*p95/],
    ['violations-renamed', drift, /No readings of .*invariants/],
  ];
  test.each(seen)('a bad release whose metrics are odd (%s) stays a canary', (odd, bad, why) =>
    staysCanary(odd, bad, why, (playbook) => throughPrometheus(playbook, prometheus.url)),
  );
});

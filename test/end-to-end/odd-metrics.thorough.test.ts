import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BadWayInput } from '../../sandbox/bad-way.js';
import { EndToEnd } from '../support/end-to-end.js';
import { stageOf, triggerOf } from '../support/quick-playbook.js';
import { expectRolledBack } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start({ traffic: 40 })));
beforeEach(() =>
  site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '4s', max: '1m', settle: '1s' };
    triggerOf(playbook, 'latency').for = '2s';
    // What else would catch it is left out: what is shown is that the metrics alone promote nothing.
    for (const name of ['contracts', 'integrity']) {
      playbook.checks = playbook.checks.filter((check) => check.name !== name);
      playbook.triggers = playbook.triggers.filter((trigger) => trigger.check !== name);
    }
  }),
);
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

const errors: BadWayInput = { way: 'error-rate', share: 0.95, route: '/aris3/pos/checkout' };
const slow: BadWayInput = { way: 'slow', addMs: 900 };

// Promise 3. The canary is bad and its metrics don't show it: it stays a canary, and people are asked.
test.each<[BadWayInput & { way: 'odd-metrics' }, BadWayInput, RegExp]>([
  [{ way: 'odd-metrics', how: 'status-renamed' }, errors, /no status code in the label "status"/],
  [{ way: 'odd-metrics', how: 'status-gone' }, errors, /no status code in the label "status"/],
  [{ way: 'odd-metrics', how: 'routes-renamed' }, errors, /No readings of checkout at|trigger errors/],
  [
    { way: 'odd-metrics', how: 'summary' },
    slow,
    /p95 at canary.*(as a summary|are in the histogram)|No readings of p95 at service/,
  ],
  [
    { way: 'odd-metrics', how: 'no-inf' },
    slow,
    /p95 at canary.*(no \+Inf bucket|are in the histogram)|No readings of p95 at service/,
  ],
  [
    { way: 'odd-metrics', how: 'few-buckets' },
    slow,
    /p95 at (canary|service) more than 250 ms, the last bucket|No readings of p95 at service.*contradict each other/,
  ],
])('%p', async (odd, bad, why) => {
  const run = await site.goLive([bad, odd]);
  const status = await run.until(
    'a question or a stop',
    ({ holds, stop }) => stop !== undefined || holds.some(({ id }) => id === 'blind'),
  );
  const told = [...status.holds.map(({ reason }) => reason), `${status.stop?.by} ${status.stop?.reason}`].join('\n');
  expect(told).toMatch(why);
  if (!status.stop) await run.requestAbort({ reason: 'nobody sees', by: 'Ana' });
  await expectRolledBack(site, run, ['canary 10 -> 0'], status.stop ? /at (canary|service)/ : /^nobody sees$/);
});

import type { BadWayInput } from '../../sandbox/bad-way.js';
import type { EndToEnd } from './end-to-end.js';
import { stageOf, triggerOf, type PlaybookData } from './quick-playbook.js';
import { expectRolledBack, WHOLE_ROLLOUT } from './what-a-run-did.js';

/** A release that is bad in one way, and what should catch it, wherever the metrics come from. */
export interface BadRelease {
  readonly title: string;
  readonly bad: BadWayInput;
  readonly playbook?: (playbook: PlaybookData) => void;
  /** Who stops it, and why. */
  readonly by: RegExp;
  readonly reason: RegExp;
  readonly deploys: string[];
}

const CANARY = ['canary 10 -> 0'];

/** The soak of the canary lasts for as long as its triggers need. */
const soakLong = (playbook: PlaybookData) =>
  (stageOf(playbook, 'canary').soak = { min: '30s', max: '1m', settle: '1s' });

/** Half of one route fails: a sixth of the canary's traffic, little of the whole, and no contract. What watches that route alone takes longer. */
export const ERRORS: BadRelease = {
  title: 'errors of one instance: the rate of the canary itself, not of the whole',
  bad: { way: 'error-rate', share: 0.5, route: '/aris3/pos/checkout' },
  playbook: (playbook) => {
    soakLong(playbook);
    triggerOf(playbook, 'errors').for = '2s';
    triggerOf(playbook, 'checkout-fails').for = '1m';
  },
  by: /^trigger errors$/,
  reason: /^error-rate at canary [\d.]+ % ≥ 5 % for \ds(, \ds over the 2s)?$/,
  deploys: CANARY,
};

export const SLOW: BadRelease = {
  title: 'slow: the p95 of the canary, and of the whole, of which it is an eighth',
  bad: { way: 'slow', addMs: 900 },
  playbook: (playbook) => {
    soakLong(playbook);
    triggerOf(playbook, 'latency').for = '3s';
  },
  by: /^trigger latency$/,
  reason: /^p95 at (canary|service) [\d.]+ ms > 500 ms for \ds(, \ds over the 3s)?$/,
  deploys: CANARY,
};

export const NEVER_READY: BadRelease = {
  title: 'never ready: the canary deploys, and its soak finds three answers in a row that are not 200',
  bad: { way: 'never-ready' },
  by: /^trigger not-ready$/,
  reason: /^ready at canary failed 3 in a row, the last: 503/,
  deploys: CANARY,
};

export const UNHEALTHY: BadRelease = {
  title: 'unhealthy at once: deploy.sh itself gives up, and what it left is taken back',
  bad: { way: 'unhealthy' },
  by: /^(deploy|trigger (health-down|not-ready))$/,
  reason: /^deploy canary failed, exit 1: .*\/health never answered 200|^(health|ready) at service failed 3 in a row/,
  deploys: ['canary 10 -> 1'],
};

export const UNHEALTHY_LATER: BadRelease = {
  title: 'unhealthy later: a soak that began well ends at the third failure in a row',
  bad: { way: 'unhealthy-later', afterSeconds: 2 },
  playbook: soakLong,
  by: /^trigger (health-down|not-ready)$/,
  reason: /^(health|ready) at canary failed 3 in a row, the last: 50[03]/,
  deploys: CANARY,
};

export const FAILING_SMOKE: BadRelease = {
  title: 'a failing smoke takes a wholly deployed release back',
  bad: { way: 'failing-smoke' },
  by: /^verification$/,
  reason:
    /^verification failed: smoke \(exit 1, failed in stock-invariants: tests\.smoke\.test_go_live_validation\.test_go_live_stock/,
  deploys: WHOLE_ROLLOUT,
};

/** Lets the release go live, and expects that it is caught, and by whom. */
export async function expectCaught(site: EndToEnd, { bad, by, reason, deploys }: BadRelease): Promise<void> {
  const run = await site.goLive([bad]);
  await expectRolledBack(site, run, deploys, reason);
  const { stop } = await run.result();
  if (!by.test(stop?.by ?? ''))
    throw new Error(`expected ${String(by)} to have caught it, it was ${stop?.by}: ${stop?.reason}`);
}

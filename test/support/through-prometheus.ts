import type { PlaybookData } from './quick-playbook.js';

/** Prometheus's own scrapes are no traffic. */
const SELECTOR = 'job="aris3",route!="/aris3/ops/metrics"';

/** What rates are taken over. */
export const WINDOW_MS = 3_000;

/** The same playbook with its metrics read through a Prometheus, the canary's by the release its samples are labelled with. */
export function throughPrometheus(playbook: PlaybookData, url: string): void {
  playbook.metrics = { prometheus: { url, selector: SELECTOR, freshFor: '3s' }, window: `${WINDOW_MS}ms` };
  for (const target of playbook.stages.flatMap(({ targets = [] }) => targets))
    target.selector = `${SELECTOR},release="{release}"`;
}

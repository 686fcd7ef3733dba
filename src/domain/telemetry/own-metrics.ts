import type { Outcome, Stop } from '../run/status.js';

/** A metric that golive exports about itself, by the conventions of Prometheus: docs/worker-metrics.md has the same table. */
export interface OwnMetric {
  /** As it is scraped: a counter ends with `_total`, which the exporter adds. */
  readonly name: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  /** Besides `namespace` and `taskQueue`. Their values are words of the playbook or of golive, never a sentence. */
  readonly labels: readonly string[];
  readonly help: string;
}

const gauge = (name: string, labels: readonly string[], help: string) => ({
  name,
  kind: 'gauge' as const,
  labels,
  help,
});
const counter = (name: string, labels: readonly string[], help: string) => ({
  name: `${name}_total`,
  kind: 'counter' as const,
  labels,
  help,
});

/** All of them. */
export const OWN_METRICS = {
  buildInfo: gauge('golive_build_info', ['version', 'build_id'], 'Always 1: the version and the build of the worker'),
  lastLook: gauge(
    'golive_last_look_timestamp_seconds',
    [],
    'When the worker last saw its open runs on the Temporal server; the gauges are as of then',
  ),
  runs: gauge('golive_runs', ['environment', 'phase'], 'Open runs by phase'),
  holdsOpen: gauge('golive_holds_open', ['environment', 'hold'], 'Questions that wait for an answer'),
  holdAge: gauge('golive_hold_age_seconds', ['environment', 'hold'], 'How long the oldest of them has waited'),
  faults: gauge(
    'golive_run_faults',
    ['environment', 'kind'],
    'Runs that cannot tell people themselves any more, as the watchdog sees them: stuck, or ended without an outcome',
  ),
  ledgerBytes: gauge('golive_ledger_bytes', [], 'Size of the files of the command ledger on this host'),
  outcomes: counter('golive_run_outcomes', ['environment', 'outcome'], 'Runs that have ended, by outcome'),
  rollbacks: counter('golive_rollbacks', ['environment', 'cause'], 'Rollbacks begun, by what stopped the run'),
  blindSeconds: counter(
    'golive_blind_seconds',
    ['environment', 'check'],
    'Seconds in which a check had no readings, added up over its targets',
  ),
  pagesGivenUp: counter(
    'golive_pages_given_up',
    ['environment'],
    'Pages that a channel has not taken, or may not have, and that are not sent again',
  ),
  decisionLatency: {
    name: 'golive_decision_latency_seconds',
    kind: 'histogram',
    labels: ['environment', 'cause'],
    help: "From the third failed check, the end of a breach clock or a person's decision to the start of the rollback command",
  },
} as const satisfies Record<string, OwnMetric>;

/** What the SDK calls a counter: its exporter adds `_total`. */
export const nameOfCounter = ({ name }: OwnMetric): string => name.replace(/_total$/, '');

/** Upper bounds, in seconds: it takes half a second when all is well, and as long as a host is away when it isn't. */
export const LATENCY_BUCKETS: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

const OUTCOMES: Readonly<Record<Outcome, true>> = {
  rehearsed: true,
  rejected: true,
  aborted: true,
  completed: true,
  'rolled-back': true,
  'rollback-failed': true,
};
const CAUSES: Readonly<Record<Stop['kind'], true>> = { abort: true, trigger: true, failure: true, decision: true };

/** The counters that an environment begins with at 0, or Prometheus would not see the first one as growth. */
export const zerosOf = (environment: string) => [
  ...Object.keys(OUTCOMES).map((outcome) => ({ metric: OWN_METRICS.outcomes, labels: { environment, outcome } })),
  ...Object.keys(CAUSES).map((cause) => ({ metric: OWN_METRICS.rollbacks, labels: { environment, cause } })),
  { metric: OWN_METRICS.pagesGivenUp, labels: { environment } },
];

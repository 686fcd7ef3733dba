/** What golive needs of any Temporal server it runs on; docker-compose.yml's namespace step says the same. */

/** How long a finished go-live stays readable. The development server's own default is one day. */
export const RETENTION_DAYS = 30;

/** Search attributes the workflow sets, with their type (design §4). */
export const SEARCH_ATTRIBUTES = {
  GoLiveEnvironment: 'Keyword',
  GoLiveOutcome: 'Keyword',
  GoLivePhase: 'Keyword',
  GoLiveRelease: 'Keyword',
} as const;

/**
 * A workflow task that a dead worker has taken with it comes to another one after this, and with it an abort; the server's own default is 10 s. From the
 * fourth try on it gives more time for each, so that a long replay on a slow machine gets through.
 */
export const WORKFLOW_TASK_TIMEOUT = '2.5s';

/**
 * Without the second the development server hands on work in steps of 50 ms (design §9); without the third every timer is up to a second late, and without the
 * fourth several at once up to half a second. Timers looked for oftener than that cost more than they bring: each look is one at the database.
 */
export const DYNAMIC_CONFIG: DynamicConfig = {
  'history.defaultWorkflowTaskTimeout': WORKFLOW_TASK_TIMEOUT,
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxTimeShift': '1ms',
  'history.timerProcessorMaxPollRPS': 50,
};

/** Keys and values as `--dynamic-config-value` takes them; values are written as JSON. */
export type DynamicConfig = Readonly<Record<string, string | number | boolean>>;

/** A write-ahead log: whatever the server has answered is on the disk, as with SQLite's default, but with one flush for each write, not four. */
export const SQLITE = ['journal_mode=WAL', 'synchronous=FULL'] as const;

/** What golive needs of any Temporal server it runs on; docker-compose.yml's namespace step says the same. */

/** How long a finished go-live stays readable. The development server's own default is one day. */
export const RETENTION_DAYS = 30;

/** Search attributes the workflow sets, with their type (design §4). */
export const SEARCH_ATTRIBUTES = {
  GoLiveEnvironment: 'Keyword',
  GoLivePhase: 'Keyword',
  GoLiveRelease: 'Keyword',
} as const;

/** Without the first the development server hands on work in steps of 50 ms (design §7b); without the second every timer is up to a second late. */
export const DYNAMIC_CONFIG: DynamicConfig = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxTimeShift': '1ms',
};

/** Keys and values as `--dynamic-config-value` takes them; values are written as JSON. */
export type DynamicConfig = Readonly<Record<string, string | number | boolean>>;

import type { Metrics } from '../plan/playbook/metrics.js';
import type { MeasuredSource } from './measured.js';

/**
 * PromQL of the ready-made measures. Each look is one query: its parts are told apart by a label of their own, so that all of them are of one moment.
 * `age` is in seconds, how old the newest sample of the service's requests is; absent when there is none. Ages are Prometheus's own: its clock and the
 * worker's needn't agree.
 */
export const PART_LABEL = 'golive_part';
export type Part =
  | 'requests'
  | 'errors'
  | 'unknown'
  | 'whole'
  | 'unrouted'
  | 'bucket'
  | 'increase'
  | 'appeared'
  | 'present'
  | 'age'
  | 'unseen'
  | 'targets'
  | 'known';

/** A status code behind its first digit, or the class of one. */
const CODE = '([0-9][0-9]|[xX][xX])';

/** A gap in Prometheus's sight up to this long is not taken for the beginning of a counter. */
const REMEMBERS = '1h';

/** A text inside the double quotes of a label matcher. */
export const quoted = (text: string): string =>
  `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

const duration = (milliseconds: number): string =>
  milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;

const series = (name: string, ...matchers: readonly string[]): string =>
  `${name}{${matchers.filter((each) => each !== '').join(',')}}`;

/** Joins parts into one query: an aggregation has no labels left, so each gets its name as its only one. */
const joined = (parts: Partial<Record<Part, string>>): string =>
  Object.entries(parts)
    .map(([part, query]) => `label_replace(${query},"${PART_LABEL}","${part}","${PART_LABEL}","")`)
    .join(' or ');

/** How old the newest sample is, and how many targets were not scraped once in as long as a sample may be old. */
function sightOf(
  { names, freshFor }: Pick<Metrics, 'names'> & { readonly freshFor: number },
  selector: string,
): Partial<Record<Part, string>> {
  return {
    age: `time() - max(timestamp(${series(names.requests, selector)}))`,
    targets: `count(${series('up', selector)})`,
    unseen: `count(max_over_time(${series('up', selector)}[${duration(freshFor)}]) == 0)`,
  };
}

export interface Scope {
  readonly metrics: Pick<Metrics, 'names' | 'window'>;
  readonly freshFor: number;
  /** Label matchers of the service or of one target, resolved. */
  readonly selector: string;
  /** Paths that are no traffic: see own-paths.ts. */
  readonly notTraffic: readonly string[];
}

/** The query of a ready-made measure. */
export function measureQuery(source: MeasuredSource, { metrics, freshFor, selector, notTraffic }: Scope): string {
  const { names } = metrics;
  const window = duration(metrics.window);
  const sight = sightOf({ names, freshFor }, selector);
  if (source.measure === 'violations')
    return joined({
      ...violationParts(series(names.violations, selector), window, duration(2 * metrics.window)),
      ...sight,
    });
  const traffic = notTraffic.map((path) => `${names.route}!=${quoted(path)}`);
  const grown = (...matchers: string[]) => `sum(increase(${series(names.requests, selector, ...matchers)}[${window}]))`;
  if (source.measure === 'p95')
    return joined({
      whole: grown(...traffic),
      unrouted: grown(`${names.route}=""`),
      bucket: `sum by (le) (increase(${series(`${names.duration}_bucket`, selector, ...traffic)}[${window}]))`,
      ...sight,
    });
  const which =
    source.route === undefined
      ? traffic
      : [
          `${names.route}=${quoted(source.route)}`,
          ...(source.method === undefined ? [] : [`${names.method}=${quoted(source.method)}`]),
        ];
  return joined({
    requests: grown(...which),
    errors: grown(...which, `${names.status}=~"5${CODE}"`),
    // A series without the label has an empty one.
    unknown: grown(...which, `${names.status}!~"[1-5]${CODE}"`),
    ...(source.route === undefined ? {} : { whole: grown(...traffic) }),
    unrouted: grown(`${names.route}=""`),
    ...sight,
  });
}

/**
 * How much a counter grew, a first appearance included: `increase` makes nothing of a series that begins at 1, and a violation is just that. So what is
 * there now is also compared with what was there when the window began, where less than that means a restart and nothing means zero. That only holds
 * when Prometheus already looked back then (`known`): else old violations would look new.
 */
const violationParts = (counter: string, window: string, earlier: string): Partial<Record<Part, string>> => ({
  increase: `sum(increase(${counter}[${window}]))`,
  appeared: `sum((${counter} - last_over_time(${counter}[${REMEMBERS}] offset ${window}) >= 0) or ${counter})`,
  known: `count(up offset ${earlier})`,
  present: `count(${counter})`,
});

/** For PromQL of the plan's own, which says nothing of its samples' age: that of the service's requests, and whether there were any of late. */
export function sightQuery({ metrics: { names }, freshFor, selector }: Scope): string {
  return joined({
    ...sightOf({ names, freshFor }, selector),
    known: `count(last_over_time(${series(names.requests, selector)}[${REMEMBERS}]))`,
  });
}

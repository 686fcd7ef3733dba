import { ownPaths } from '../../domain/metrics/own-paths.js';
import { partsOf, partsReading, staleness, withUnseen, type Parts } from '../../domain/metrics/prometheus-parts.js';
import { measureQuery, quoted, sightQuery, type Scope } from '../../domain/metrics/promql.js';
import { answered, needsDenominator, queryReading } from '../../domain/metrics/query-reading.js';
import { fill } from '../../domain/plan/placeholders.js';
import type { MetricCheck } from '../../domain/plan/playbook.js';
import type { Metrics } from '../../domain/plan/playbook/metrics.js';
import type { Reading } from '../../domain/watching/reading.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { resolve, type Environment } from '../../plans/variables.js';
import type { Look } from '../watching/readings.js';
import { NoAnswer, query, type PrometheusApi } from './prometheus-api.js';

type Prometheus = NonNullable<Metrics['prometheus']>;

/** One look through Prometheus's HTTP API, within the check's timeout. Throws NoAnswer, or a variable that is missing, with a sentence. */
export async function prometheusReading(
  { plan, check, target, values, signal, before, notes }: Look<MetricCheck>,
  metrics: Metrics,
  prometheus: Prometheus,
  environment: Environment,
): Promise<Reading> {
  const written =
    target === SERVICE
      ? (prometheus.selector ?? '')
      : plan.stages.flatMap(({ targets }) => targets).find(({ name }) => name === target)?.selector;
  if (written === undefined)
    throw new NoAnswer(`the target "${target}" has no selector, the label matchers of its own metrics in Prometheus`);
  const filled = fill(
    written,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, quoted(value).slice(1, -1)])),
  );
  const scope: Scope & Parameters<typeof staleness>[1] = {
    metrics,
    freshFor: prometheus.freshFor,
    selector: resolve(filled, environment).trim().replace(/,$/, ''),
    notTraffic: ownPaths(plan),
    triggers: plan.triggers,
    before,
    notes,
    ofService: target === SERVICE,
  };
  const api = apiOf(prometheus, environment);
  const end = performance.now() + check.timeout;
  const run = (promql: string) => query(api, promql, end - performance.now(), signal);

  const { source } = check;
  if ('measure' in source)
    return partsReading({ ...check, source }, partsOf(await run(measureQuery(source, scope))), scope);
  const [answer, sight] = await Promise.all([run(source.promql).then(answered), run(sightQuery(scope)).then(partsOf)]);
  const stale = knownStaleness(sight, scope);
  if (stale !== undefined) return { kind: 'none', text: stale };
  const denominator =
    source.denominator !== undefined && needsDenominator(answer) ? answered(await run(source.denominator)) : undefined;
  return withUnseen(queryReading(answer, denominator), check, sight, scope);
}

/** A plan's own PromQL may be about something that has nothing to do with the service's requests: their age counts when Prometheus had some of late. */
function knownStaleness(sight: Parts, scope: Parameters<typeof staleness>[1]): string | undefined {
  return sight.age === undefined && sight.known === undefined ? undefined : staleness(sight, scope);
}

function apiOf({ url, bearer, basic }: Prometheus, environment: Environment): PrometheusApi {
  const authorization =
    bearer !== undefined
      ? `Bearer ${resolve(bearer, environment)}`
      : basic &&
        `Basic ${Buffer.from(`${resolve(basic.username, environment)}:${resolve(basic.password, environment)}`).toString('base64')}`;
  return {
    url: resolve(url, environment).replace(/\/$/, ''),
    headers: authorization === undefined ? {} : { authorization },
  };
}

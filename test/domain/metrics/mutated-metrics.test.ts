import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { follow, type CounterHistory } from '../../../src/domain/metrics/counter-history.js';
import { NotExposition, readExposition } from '../../../src/domain/metrics/exposition.js';
import { fleetReading } from '../../../src/domain/metrics/fleet-reading.js';
import { countersOf, hasMetric, isSummary, NotCounters, startedAt } from '../../../src/domain/metrics/tally.js';
import { standingOf } from '../../../src/domain/watching/reading.js';
import { metricLook } from '../../support/metric-look.js';
import { runs } from '../../support/property-runs.js';

const WINDOW = 60_000;
const OWN = ['/health'];
const ROUTES = ['/aris3/stock', '/aris3/pos/checkout', '/aris3/transfers'];

/** What a release writes whose every fifth answer is a 5xx and comes after 900 ms; it has answered so many on each route. */
function bad(count: number): string[] {
  const requests = ROUTES.flatMap((route) =>
    [
      ['200', 0.8],
      ['503', 0.2],
    ].map(([status, share]) => {
      const answered = count * Number(share);
      const labels = `method="POST",route="${route}",status="${status}"`;
      return [
        `http_requests_total{${labels}} ${answered}`,
        ...[100, 500, 1_000].map(
          (le) =>
            `http_request_duration_ms_bucket{le="${le}",${labels}} ${le >= 1_000 || status === '200' ? answered : 0}`,
        ),
        `http_request_duration_ms_bucket{le="+Inf",${labels}} ${answered}`,
      ];
    }),
  );
  return [
    '# TYPE http_requests_total counter',
    '# TYPE http_request_duration_ms histogram',
    ...requests.flat(),
    `http_requests_total{method="GET",route="/health",status="200"} ${count * 40}`,
    'process_start_time_seconds 1700000000',
  ];
}

/** What may come of a scrape that others have touched: a library, a proxy, a disk. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), lines: fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('reorder' as const), by: fc.nat(60) }),
  fc.record({
    kind: fc.constant('rename' as const),
    from: fc.constantFrom(
      'status=',
      'route=',
      'http_requests_total',
      'http_request_duration_ms_bucket',
      'status="503"',
      '/aris3/',
    ),
    to: fc.constantFrom('x=', 'code=', 'renamed_total', 'status="error"', '/'),
    lines: fc.array(fc.nat(60), { maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('nan' as const), lines: fc.array(fc.nat(60), { minLength: 1, maxLength: 20 }) }),
  fc.record({ kind: fc.constant('twice' as const), lines: fc.array(fc.nat(60), { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('huge' as const), more: fc.integer({ min: 1, max: 2_000 }) }),
);
const asMutation = (each: unknown) =>
  each as { kind: string; lines?: number[]; at?: number; by?: number; from?: string; to?: string; more?: number };

function mutated(lines: readonly string[], given: unknown): string {
  const { kind, lines: chosen = [], at = 1, by = 0, from = '', to = '', more = 0 } = asMutation(given);
  const text = (all: readonly string[]) => `${all.join('\n')}\n`;
  const touched = (index: number) => chosen.length === 0 || chosen.includes(index);
  switch (kind) {
    case 'drop':
      return text(lines.filter((_, index) => !chosen.includes(index)));
    case 'cut': {
      const whole = text(lines);
      return whole.slice(0, Math.floor(at * whole.length));
    }
    case 'reorder':
      return text([...lines.slice(by), ...lines.slice(0, by)]);
    case 'rename':
      return text(lines.map((line, index) => (touched(index) ? line.replace(from, to) : line)));
    case 'nan':
      return text(lines.map((line, index) => (chosen.includes(index) ? line.replace(/ [\d.]+$/, ' NaN') : line)));
    case 'twice':
      return text(lines.flatMap((line, index) => (touched(index) ? [line, line] : [line])));
    default:
      return text([...lines, ...Array.from({ length: more }, (_, index) => `other_total{n="${index}"} ${index}`)]);
  }
}

const CHECKS = [
  { measure: 'error-rate', guardrail: { below: '1%' } },
  {
    measure: 'success-rate',
    route: '/aris3/pos/checkout',
    method: 'POST',
    guardrail: { atLeast: '99.5%' },
    mayBeIdle: true,
  },
  { measure: 'p95', guardrail: { below: '350ms' } },
];

test('whatever becomes of the last scrape of a bad release: failing or blind, never clean and never idle', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CHECKS),
      fc.array(mutation, { minLength: 1, maxLength: 2 }),
      (written, mutations) => {
        const look = metricLook({ metrics: { scrape: { path: '/metrics' }, window: '1m' }, check: written });
        const { source } = look.check;
        const { metrics } = look.plan;
        if (!('measure' in source) || !metrics) throw new Error('expected a ready-made measure');
        const last = mutations.reduce(
          (lines: readonly string[], each) => mutated(lines, each).split('\n').slice(0, -1),
          bad(300),
        );
        const cutOff = mutations.some((each) => each.kind === 'cut' && !mutated(bad(300), each).endsWith('\n'));
        const texts = [`${bad(0).join('\n')}\n`, `${bad(100).join('\n')}\n`, `${last.join('\n')}${cutOff ? '' : '\n'}`];
        let history: CounterHistory | undefined;
        let exposition = readExposition('');
        for (const [index, text] of texts.entries()) {
          let counters;
          try {
            exposition = readExposition(text);
            counters = countersOf(exposition, metrics.names, OWN);
          } catch (error) {
            if (!(error instanceof NotExposition || error instanceof NotCounters)) throw error;
            return; // the look is none, and says why
          }
          const at = index * 30_000;
          history = follow(history, { at, wallAt: 1.8e12 + at, counters, startedAt: startedAt(exposition) }, WINDOW);
        }
        if (!history) throw new Error('expected scrapes');
        const sight = {
          instance: 'a',
          history,
          has: (metric: string) => hasMetric(exposition, metric),
          summary: isSummary(exposition, metrics.names.duration),
        };
        const reading = fleetReading({ ...look.check, source }, [sight], {
          metrics,
          notTraffic: OWN,
          triggers: [],
          ofService: true,
        });
        expect(['failing', 'blind']).toContain(standingOf(look.check, reading));
      },
    ),
    runs(100),
  );
});

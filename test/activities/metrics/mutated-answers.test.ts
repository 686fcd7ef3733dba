import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { NoAnswer, samplesIn } from '../../../src/activities/metrics/prometheus-api.js';
import { partsOf, partsReading } from '../../../src/domain/metrics/prometheus-parts.js';
import { standingOf } from '../../../src/domain/watching/reading.js';
import { metricLook } from '../../support/metric-look.js';
import { runs } from '../../support/property-runs.js';

interface Result {
  metric: Record<string, string>;
  value: [number, unknown];
}
interface Answer {
  status: string;
  warnings?: string[];
  isPartial?: boolean;
  data: { resultType: string; result: Result[] };
}

/** What Prometheus answers about a release whose every fifth answer is a 5xx and comes after 900 ms, and that breaks a rule three times. */
const BAD: [object, Record<string, number>][] = [
  [
    { measure: 'error-rate', guardrail: { below: '1%' } },
    { requests: 300, errors: 60, age: 2, targets: 3 },
  ],
  [
    {
      measure: 'success-rate',
      route: '/aris3/pos/checkout',
      method: 'POST',
      guardrail: { atLeast: '99.5%' },
      mayBeIdle: true,
    },
    { requests: 100, errors: 20, whole: 300, age: 2, targets: 3 },
  ],
  [
    { measure: 'p95', guardrail: { below: '350ms' } },
    { whole: 300, 'bucket 100': 240, 'bucket 500': 240, 'bucket 1000': 300, 'bucket +Inf': 300, age: 2, targets: 3 },
  ],
  [
    { measure: 'violations', guardrail: { atMost: 0 } },
    { increase: 3, appeared: 3, known: 3, present: 3, age: 2, targets: 3 },
  ],
];
/** Where there is nothing to count Prometheus has no such part: one that is not there says "none". */
const ABSENT_WHEN_NONE = new Set(['errors', 'increase', 'appeared']);

const answerOf = (parts: Record<string, number>): Answer => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: Object.entries(parts).map(([name, value]) => {
      const [part = '', le] = name.split(' ');
      return {
        metric: { golive_part: part, ...(le === undefined ? {} : { le }) },
        value: [1_700_000_000.5, String(value)],
      };
    }),
  },
});

/** What may become of an answer on its way: in Prometheus, in what calls itself one, in a proxy. */
type Mutation = (answer: Answer) => void;
const at = fc.nat(20);
const result = ({ data }: Answer, index: number): Result | undefined => data.result[index % data.result.length];
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  at.map((index) => (answer: Answer) => {
    answer.data.result = answer.data.result.filter(
      (each) => each !== result(answer, index) || ABSENT_WHEN_NONE.has(each.metric['golive_part'] ?? ''),
    );
  }),
  at.map(
    (index) =>
      ({ data }: Answer) =>
        void data.result.push(...data.result.splice(0, index)),
  ),
  at.map(
    (index) => (answer: Answer) => void answer.data.result.push(...[result(answer, index)].flatMap((it) => it ?? [])),
  ),
  fc
    .tuple(at, fc.constantFrom('NaN', '+Inf', '-Inf', '', ' ', 'null', '1e999', '0x1f', 'twelve', null, 12, undefined))
    .map(([index, value]) => (answer: Answer) => {
      const touched = result(answer, index);
      if (touched) touched.value = [touched.value[0], value];
    }),
  fc
    .tuple(fc.constantFrom('golive_part', 'le'), fc.constantFrom('part', 'le', 'golive_part', '__name__'))
    .map(([from, to]) => ({ data }: Answer) => {
      for (const each of data.result)
        each.metric = Object.fromEntries(
          Object.entries(each.metric).map(([name, value]) => [name === from ? to : name, value]),
        );
    }),
  fc.constantFrom('matrix', 'string', 'scalar', 'streams').map(
    (type) =>
      ({ data }: Answer) =>
        void (data.resultType = type),
  ),
  fc
    .constantFrom<string[]>(['a store is gone'], [''])
    .map((warnings) => (answer: Answer) => void (answer.warnings = warnings)),
  fc.constant((answer: Answer) => void (answer.isPartial = true)),
  fc.constantFrom('error', 'Success', '').map((status) => (answer: Answer) => void (answer.status = status)),
  fc.integer({ min: 1, max: 3_000 }).map((more) => ({ data }: Answer) => {
    for (let each = 0; each < more; each++) data.result.push({ metric: { golive_part: `x${each}` }, value: [1, '1'] });
  }),
);

/** How the check stands by such an answer. Throws NoAnswer where there is none. */
function standing(written: object, text: string): string {
  const { plan, check } = metricLook({ metrics: { prometheus: { url: 'http://127.0.0.1:1' } }, check: written });
  const { source } = check;
  const { metrics } = plan;
  if (!('measure' in source) || !metrics) throw new Error('expected a ready-made measure');
  const setting = { metrics, notTraffic: [], triggers: [], ofService: true, selector: '', freshFor: 60_000 };
  return standingOf(check, partsReading({ ...check, source }, partsOf(samplesIn(200, text)), setting));
}

test.each(BAD)('untouched it is failing: %j', (written, parts) =>
  expect(standing(written, JSON.stringify(answerOf(parts)))).toBe('failing'),
);

test('whatever becomes of the answer about a bad release: failing or blind, never clean and never idle', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...BAD),
      fc.array(mutation, { maxLength: 3 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      ([written, parts], mutations, cutAt) => {
        const answer = answerOf(parts);
        for (const mutate of mutations) mutate(answer);
        const whole = JSON.stringify(answer);
        try {
          const text = cutAt === undefined ? whole : whole.slice(0, Math.floor(cutAt * whole.length));
          expect(['failing', 'blind']).toContain(standing(written, text));
        } catch (error) {
          if (!(error instanceof NoAnswer)) throw error; // the look is none, and says why
        }
      },
    ),
    runs(100),
  );
});

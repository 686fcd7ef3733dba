import { z } from 'zod';
import { boundKeys, boundOf, UNITS, type Bound, type Unit } from './bound.js';
import { name, path, positive, text } from './scalars.js';

/** What golive can measure by itself from the metrics of a service. */
export const MEASURES = ['error-rate', 'p95', 'success-rate', 'violations'] as const;
export type Measure = (typeof MEASURES)[number];
const UNIT_OF: Readonly<Record<Measure, Unit>> = {
  'error-rate': 'ratio',
  p95: 'ms',
  'success-rate': 'ratio',
  violations: 'number',
};

interface Looks {
  readonly name: string;
  /** Milliseconds between two looks, and how long one may take. */
  readonly every: number;
  readonly timeout: number;
}
/** A request of a path: 200 is clean. */
export interface ProbeCheck extends Looks {
  readonly kind: 'probe';
  readonly path: string;
}
/** A number out of the metrics. Inside its guardrail it is clean. */
export interface MetricCheck extends Looks {
  readonly kind: 'metric';
  readonly unit: Unit;
  readonly source:
    | { readonly measure: Measure; readonly route?: string; readonly method?: string }
    | { readonly promql: string; readonly denominator?: string };
  readonly guardrail: Bound;
  /** Without traffic there is nothing to measure, and that is no blindness (a till at night). */
  readonly mayBeIdle: boolean;
}
/** The contracts of `verify` with their shapes and frozen rules, or its integrity command, again and again. */
export interface RuleCheck extends Looks {
  readonly kind: 'contracts' | 'integrity';
}
export type Check = ProbeCheck | MetricCheck | RuleCheck;
export const isRule = (check: Check): check is RuleCheck => check.kind === 'contracts' || check.kind === 'integrity';

/** Something that is looked at again and again; what it names says of which kind it is. */
export const check = z
  .strictObject({
    name,
    every: positive,
    timeout: positive.default(5_000),
    path: path.optional(),
    measure: z.enum(MEASURES, `must be one of ${MEASURES.join(', ')}`).optional(),
    /** The route and method of a success rate, as the labels of the metrics have them. */
    route: text.optional(),
    method: text.optional(),
    promql: text.optional(),
    /** PromQL that is above zero when there is something to measure: an empty answer of `promql` is then a zero, not blindness. */
    denominator: text.optional(),
    unit: z.enum(UNITS).optional(),
    contracts: z.literal(true).optional(),
    integrity: z.literal(true).optional(),
    guardrail: z.strictObject(boundKeys).optional(),
    mayBeIdle: z.boolean().optional(),
  })
  .transform((value, context): Check => {
    const { name, every, timeout, path, measure, promql, contracts, integrity } = value;
    const fault = (message: string, at: string[] = []) => context.addIssue({ code: 'custom', message, path: at });
    const kinds = Object.entries({ path, measure, promql, contracts, integrity }).flatMap(([kind, given]) =>
      given === undefined ? [] : [kind],
    );
    if (kinds.length !== 1) {
      fault(
        `needs exactly one of path, measure, promql, contracts or integrity${kinds.length > 1 ? `, got ${kinds.join(' and ')}` : ''}`,
      );
      return z.NEVER;
    }
    const isMetric = measure !== undefined || promql !== undefined;
    const belongs = {
      guardrail: isMetric,
      mayBeIdle: isMetric,
      route: measure === 'success-rate',
      method: measure === 'success-rate',
      denominator: promql !== undefined,
      unit: promql !== undefined,
    };
    const owner = {
      guardrail: 'a measure or promql',
      mayBeIdle: 'a measure or promql',
      route: 'measure: success-rate',
      method: 'measure: success-rate',
      denominator: 'promql',
      unit: 'promql',
    };
    for (const key of Object.keys(belongs) as (keyof typeof belongs)[])
      if (value[key] !== undefined && !belongs[key]) fault(`belongs to ${owner[key]}`, [key]);
    if (measure === 'success-rate' && value.route === undefined) fault('measure: success-rate needs a route');
    const looks = { name, every, timeout };
    if (path !== undefined) return { ...looks, kind: 'probe', path };
    if (contracts) return { ...looks, kind: 'contracts' };
    if (integrity) return { ...looks, kind: 'integrity' };
    const unit = measure === undefined ? (value.unit ?? 'number') : UNIT_OF[measure];
    if (value.guardrail === undefined)
      fault('needs a guardrail, the value it should stay inside, such as { below: 1% }');
    const guardrail =
      value.guardrail &&
      boundOf(value.guardrail, unit, (message, key) => fault(message, ['guardrail', ...(key ? [key] : [])]));
    const { route, method, denominator } = value;
    return {
      ...looks,
      kind: 'metric',
      unit,
      guardrail: guardrail ?? z.NEVER,
      mayBeIdle: value.mayBeIdle ?? false,
      source:
        measure === undefined
          ? { promql: promql ?? '', ...(denominator === undefined ? {} : { denominator }) }
          : { measure, ...(route === undefined ? {} : { route }), ...(method === undefined ? {} : { method }) },
    };
  });

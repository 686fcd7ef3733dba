import { z } from 'zod';
import { ODD_METRICS } from './service/odd-metrics.js';
import { SMOKE_TESTS } from './smoke-test-names.js';

/** What a contract-drift changes: a field is gone, has another type, or a frozen rule is broken in the answers. */
const DRIFTS = ['missing', 'retyped', 'totals', 'in-transit-sellable'] as const;

/** How pytest comes to no result: it dies, never ends, finds no test, cuts its report short, or can't load the test module. */
const CRASHES = ['crash', 'hang', 'no-tests', 'half-report', 'collection'] as const;
export type Crash = (typeof CRASHES)[number];

const onlyBatch = z.number().int().min(1).max(100).nullable().default(null);

/** The ways in which a release can be bad; sandbox/README.md has the table. Seconds and milliseconds as the names say, shares 0 to 1. */
export const badWaySchema = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('never-ready') }),
  z.strictObject({ way: z.literal('unhealthy') }),
  z.strictObject({ way: z.literal('unhealthy-later'), afterSeconds: z.number().min(0).default(5) }),
  z.strictObject({
    way: z.literal('error-rate'),
    share: z.number().min(0).max(1).default(0.2),
    route: z.string().optional(),
  }),
  z.strictObject({ way: z.literal('slow'), addMs: z.number().min(0).default(600) }),
  z.strictObject({ way: z.literal('stock-drift') }),
  z.strictObject({ way: z.literal('odd-metrics'), how: z.enum(ODD_METRICS).default('status-renamed') }),
  z.strictObject({ way: z.literal('contract-drift'), change: z.enum(DRIFTS).default('missing') }),
  z.strictObject({
    way: z.literal('failing-smoke'),
    test: z.enum(SMOKE_TESTS).default(SMOKE_TESTS[1]),
    inChecklist: z.boolean().default(false),
  }),
  z.strictObject({
    way: z.literal('smoke-crashes'),
    how: z.enum(CRASHES).default('crash'),
    times: z.number().int().min(1).nullable().default(null),
  }),
  z.strictObject({ way: z.literal('deploy-fails'), batch: onlyBatch }),
  z.strictObject({ way: z.literal('deploy-hangs'), batch: onlyBatch, ignoresTerm: z.boolean().default(false) }),
  z.strictObject({ way: z.literal('deploy-lies'), batch: onlyBatch }),
  z.strictObject({ way: z.literal('rollback-fails'), times: z.number().int().min(0).default(1) }),
]);

/** A bad way with every parameter set. */
export type BadWay = z.output<typeof badWaySchema>;
/** A bad way as people write it: parameters may be left out. */
export type BadWayInput = z.input<typeof badWaySchema>;
export type BadWayName = BadWay['way'];

/** Which parameter the value after the equals sign sets, when a bad way is written as text. */
const VALUE_OF: Partial<Record<BadWayName, string>> = {
  'unhealthy-later': 'afterSeconds',
  'error-rate': 'share',
  slow: 'addMs',
  'contract-drift': 'change',
  'odd-metrics': 'how',
  'failing-smoke': 'test',
  'smoke-crashes': 'how',
  'deploy-fails': 'batch',
  'deploy-hangs': 'batch',
  'deploy-lies': 'batch',
  'rollback-fails': 'times',
};

export const BAD_WAY_NAMES: readonly BadWayName[] = badWaySchema.options.map((option) => option.shape.way.value);

/** Reads `error-rate=0.2`, `slow`, `deploy-hangs=25` or `deploy-hangs,ignoresTerm`. Throws a sentence that names the ways there are. */
export function parseBadWay(text: string): BadWay {
  const [head = '', ...flags] = text.split(',');
  const [way = '', value] = head.split('=', 2);
  const name = BAD_WAY_NAMES.find((known) => known === way);
  if (name === undefined) throw new Error(`"${way}" is no bad way. Choose one of: ${BAD_WAY_NAMES.join(', ')}.`);
  const parameter = VALUE_OF[name];
  if (value !== undefined && parameter === undefined)
    throw new Error(`"${name}" takes no value, but "${text}" gives one. Write "${name}" alone.`);
  const written: Record<string, unknown> = { way: name };
  if (value !== undefined && parameter !== undefined)
    written[parameter] = /^[0-9.]+$/.test(value) ? Number(value) : value;
  for (const flag of flags) written[flag] = true;
  const parsed = badWaySchema.safeParse(written);
  if (!parsed.success) throw new Error(`"${text}" isn't a bad way: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

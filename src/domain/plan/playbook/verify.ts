import { z } from 'zod';
import { command, variables } from './command.js';
import { onlyPlaceholders, path, text } from './scalars.js';

/** Playbook §4: "critical smoke fails in auth, stock invariants, transfer actions, POS checkout, or reports/exports". */
export const AREAS = ['auth', 'stock-invariants', 'transfer-actions', 'pos-checkout', 'reports-exports'] as const;
export type Area = (typeof AREAS)[number];

const patterns = z.array(text).min(1, 'needs at least one pattern of test names, such as "*login*"');

/** Which tests cover a critical area: patterns over `classname.name` of the JUnit report, `*` for anything. One test may cover two areas. */
const areas = z.strictObject({
  auth: patterns,
  'stock-invariants': patterns,
  'transfer-actions': patterns,
  'pos-checkout': patterns,
  'reports-exports': patterns,
});

/** The critical smoke. `{report}` in its environment is the file its JUnit XML has to be written to; without it the exit code decides alone. */
export const smoke = command.extend({
  environment: variables
    .superRefine((all, context) => {
      for (const value of Object.values(all)) onlyPlaceholders(['report'])(value, context);
    })
    .default({}),
});

const contract = z.strictObject({
  path,
  /** The keys its answer must have. */
  has: z.array(text).default([]),
  /** Its rows and totals are stock: TOTAL = RFID + PENDING on sellable locations, IN_TRANSIT never sellable (frozen rules). */
  stock: z.boolean().default(false),
});

export const verify = z
  .strictObject({
    smoke: smoke.extend({ areas: areas.optional() }),
    contracts: z.strictObject({
      login: z.strictObject({ path, username: text, password: text }),
      get: z
        .array(z.union([path.transform((each) => contract.parse({ path: each })), contract]))
        .min(1, 'needs at least one path'),
    }),
    /** Prints `{"results":[{"name","status":"PASS"|"FAIL"}…]}`. Only reads. */
    integrity: command.optional(),
  })
  .refine(
    ({ smoke: { areas: given, environment } }) =>
      given === undefined || Object.values(environment).some((value) => value.includes('{report}')),
    {
      path: ['smoke', 'areas'],
      message: 'needs a report to read: set for instance environment: { PYTEST_ADDOPTS: "--junitxml={report}" }',
    },
  );

export type Contract = z.output<typeof contract>;

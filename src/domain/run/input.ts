import { z } from 'zod';

/** Tags become arguments of commands: nothing in them can look like an option or mean anything to a shell. */
export const TAG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const tag = z
  .string()
  .regex(
    new RegExp(TAG),
    'must be a release tag: letters, digits, dot, dash or underscore, beginning with a letter or digit, at most 128',
  );
const oneLine = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(500, 'must not be longer than 500 characters')
  .regex(/^[^\p{Cc}]*$/u, 'must be one line of printable text');
/** One line that a person has said. A function, as every schema that workflows use: what a module of theirs exports is frozen, and a schema keeps what it compiles. */
export const line = () => oneLine;

const goLiveInput = z
  .strictObject({
    environment: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of an environment of the playbook file'),
    release: tag,
    previousRelease: tag,
    decisionOwner: line(),
    dryRun: z.boolean().default(false),
    /** Preflight items a person vouches for, such as `{"stagingParity": "compared by Ana, ticket 812"}`. */
    attestations: z
      .strictObject({
        restoreDrill: line().optional(),
        stagingParity: line().optional(),
        openIncidents: line().optional(),
        frozenRules: line().optional(),
        earlierCommands: line().optional(),
      })
      .default({}),
    /** Takes back a release whose go-live has ended, instead of a go-live: `release` is what is taken back. `manifest`: the backup that may be restored. `data`: they can be wrong; left out, whoever names a backup says so. */
    rollback: z
      .strictObject({
        reason: line(),
        by: line().optional(),
        manifest: line().optional(),
        data: z.boolean().optional(),
      })
      .optional(),
    /** The plan hash the operator expects, as `golive plan` prints it, whole or its first 12 digits or more. */
    plan: z
      .string()
      .regex(/^(sha256:)?[0-9a-f]{12,64}$/, 'must be a plan hash as "golive plan" prints it')
      .optional(),
    /** When it begins; at once when left out. The environment is reserved from the start on. */
    startAt: z.iso
      .datetime({ offset: true, error: 'must be a date-time with a UTC offset, such as 2026-05-02T22:30:00+02:00' })
      .optional(),
    /** Begins in spite of the freeze windows of these names. */
    overrideFreeze: z
      .strictObject({
        freeze: z.union(
          [line().transform((one) => [one]), z.array(line()).min(1)],
          'must be the name of a freeze window, or a list of names',
        ),
        reason: line(),
        by: line().optional(),
      })
      .optional(),
  })
  .refine((input) => input.release !== input.previousRelease, {
    path: ['previousRelease'],
    message: 'must be another release than the one that goes live',
  })
  .refine((input) => !input.dryRun || (input.startAt === undefined && input.overrideFreeze === undefined), {
    path: ['dryRun'],
    message: 'begins at once and is never frozen: leave startAt and overrideFreeze out',
  })
  .refine((input) => !input.rollback || (input.startAt === undefined && input.overrideFreeze === undefined), {
    path: ['rollback'],
    message: 'begins at once and is never frozen: leave startAt and overrideFreeze out',
  })
  .refine((input) => !(input.dryRun && input.rollback), {
    path: ['rollback'],
    message: 'has no rehearsal: leave dryRun out',
  });

/** What a go-live is started with: one JSON object, unknown keys refused (design §4). */
export const goLiveInputSchema = () => goLiveInput;
export type GoLiveInput = z.output<typeof goLiveInput>;
export type Attestations = GoLiveInput['attestations'];

const EXAMPLE = '{"environment":"prod","release":"RC.3","previousRelease":"RC.2","decisionOwner":"Ana"}';

/** Parses the input of a start, or throws one sentence per thing that is wrong, with an example. */
export function parseGoLiveInput(raw: unknown): GoLiveInput {
  const parsed = goLiveInput.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Error(
    `This go-live can't start: ${sentences(parsed.error).join('; ')}. The input is one JSON object such as ${EXAMPLE}`,
  );
}

/** One sentence per issue, each with the place it is about. @param called what people call a place, such as `overrideFreeze.reason` */
export function sentences(error: z.ZodError, called = (place: string): string => place): string[] {
  return error.issues.map((issue) => {
    const where = called(issue.path.join('.'));
    if (issue.code === 'unrecognized_keys')
      return `${where ? `${where}: ` : ''}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    return `${where || 'input'}: ${issue.message}`;
  });
}

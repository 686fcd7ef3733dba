import { z } from 'zod';
import { parseDuration } from './duration.js';
import { placeholdersIn } from './placeholders.js';

/**
 * The schema of a playbook file (golive.yaml): a service's go-live as data. Durations are written as `10m` and parsed into milliseconds;
 * `${VAR}` stays as it is, for it resolves at use in the worker's own environment; `{name}` is filled with what the run knows.
 */

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const name = z.string().regex(NAME, 'must be a name of small letters, digits and dashes, such as rolling-25');
const text = z.string().min(1, 'must not be empty');

const duration = z
  .string({ error: 'must be a duration with a unit, such as 30s, 10m or 72h' })
  .transform((value, context) => {
    try {
      return parseDuration(value);
    } catch (error) {
      const message = value.includes('${')
        ? 'must be written out: a duration from the environment would not be covered by the plan hash'
        : (error as Error).message;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });
const YEAR = parseDuration('365d');
const positive = duration
  .refine((milliseconds) => milliseconds > 0, 'must be longer than zero')
  .refine((milliseconds) => milliseconds <= YEAR, 'must not be longer than 365d');

/** Names that `{…}` may use: in every command, in the backup's and its validation's besides, and in messages. */
export const COMMAND_VALUES = ['environment', 'release', 'previousRelease'] as const;
export const MESSAGE_VALUES = ['service', 'environment', 'release', 'previousRelease', 'decisionOwner', 'reason'] as const;

function onlyPlaceholders(allowed: readonly string[]) {
  return (value: string | string[], context: z.RefinementCtx) => {
    for (const used of placeholdersIn([value].flat().join(' '))) {
      if (!allowed.includes(used)) context.addIssue({ code: 'custom', message: `has {${used}}, which doesn't exist here. Use one of ${allowed.map((known) => `{${known}}`).join(', ')}` });
    }
  };
}

/** One line as the playbook prints it, split at spaces, or a list of arguments. No shell reads it. `more`: what only this command can name. */
const argvWith = (...more: string[]) =>
  z
    .union([text, z.array(z.string()).min(1)], { error: 'must be a command line, or a list of arguments' })
    .superRefine(onlyPlaceholders([...COMMAND_VALUES, ...more]))
    .transform((value, context) => {
      if (typeof value !== 'string') return value;
      if (/["'`|;&<>*?\\]|\$\(/.test(value)) {
        context.addIssue({ code: 'custom', message: 'has a quote or shell character, and no shell reads it. Write the command as a list of arguments instead' });
        return z.NEVER;
      }
      return value.trim().split(/\s+/);
    });
const argv = argvWith();

const command = z.strictObject({
  run: argv,
  workingDirectory: text.optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  deadline: positive.default(60_000),
});

const url = text.refine((value) => /^https?:\/\//.test(value) || value.startsWith('${'), 'must begin with http:// or https://, or with ${VAR}');
const path = z.string().startsWith('/', 'must be a path that begins with /');

/** Something a probe can't see: a command that exits 0, a URL that answers 200, or a person who attests to it. */
const confirmation = z
  .strictObject({ run: argv.optional(), url: url.optional(), attest: text.optional(), deadline: positive.default(60_000) })
  .refine((value) => [value.run, value.url, value.attest].filter((way) => way !== undefined).length === 1, 'needs exactly one of run, url or attest');

const drill = z
  .strictObject({ reports: text.optional(), maxAge: positive.optional(), attest: text.optional() })
  .refine((value) => (value.reports === undefined) !== (value.attest === undefined), 'needs either reports (a folder of drill reports) with maxAge, or attest')
  .refine((value) => value.reports === undefined || value.maxAge !== undefined, 'needs maxAge, how old a drill report may be');

const soak = z
  .strictObject({ min: positive, max: positive, settle: positive })
  .refine((value) => value.max >= value.min, 'max must not be shorter than min')
  .refine((value) => value.settle <= value.min, 'settle must not be longer than min');

const target = z.strictObject({ name, url });

const stage = z.strictObject({
  name,
  gate: text.optional(),
  run: argv,
  workingDirectory: text.optional(),
  environment: command.shape.environment,
  deadline: positive.default(20 * 60_000),
  targets: z.array(target).default([]),
  answersWithin: positive.default(120_000),
  soak: soak.optional(),
});

const check = z.strictObject({ name, path, every: positive, timeout: positive.default(5_000) });

const trigger = z.strictObject({
  name,
  check: name,
  consecutive: z.int('must be a whole number').min(1, 'must be at least 1').max(1_000, 'must be at most 1000'),
  action: z.literal('rollback'),
});

const message = text.superRefine(onlyPlaceholders(MESSAGE_VALUES));

const environment = z.strictObject({
  url,
  workingDirectory: text,
  environment: command.shape.environment,
});

export const playbookSchema = z
  .strictObject({
    version: z.literal(1, 'must be 1, the version of this file format'),
    service: text,
    environments: z.record(name, environment).refine((all) => Object.keys(all).length > 0, 'needs at least one environment'),
    /** Environment variables a command inherits from the worker; everything else it gets from this file. */
    inherit: z.array(z.string()).default(['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']),
    /** Names of environment variables whose values are taken out of everything captured or shown. */
    secrets: z.array(z.string()).default([]),
    /** Between TERM and KILL when a command is stopped. */
    stopGrace: positive.default(10_000),
    liveVersion: z.strictObject({ path, field: text, samples: z.int().min(1).max(1_000).default(30) }),
    checks: z.array(check).min(1, 'needs at least one check'),
    triggers: z.array(trigger).min(1, 'needs at least one trigger'),
    preflight: z.strictObject({
      branch: command.extend({ expect: text }),
      cleanTree: command,
      checklist: command.extend({ dryRun: argv }),
      backup: z.strictObject({
        create: command.extend({ run: argvWith('backupName') }),
        artifacts: text,
        validate: command.extend({ run: argvWith('manifest') }),
      }),
      restoreDrill: drill,
      stagingParity: confirmation,
      openIncidents: confirmation,
      frozenRules: confirmation,
      rehearsal: z.boolean().default(false),
    }),
    stages: z.array(stage).min(1, 'needs at least one stage'),
    verify: z.strictObject({
      smoke: command,
      contracts: z.strictObject({
        login: z.strictObject({ path, username: text, password: text }),
        get: z.array(path).min(1, 'needs at least one path'),
      }),
    }),
    rollback: command.extend({
      attempts: z.int().min(1).max(10).default(2),
      provenWithin: positive.default(120_000),
      smoke: command,
    }),
    hypercare: z.strictObject({ for: positive }),
    holds: z.strictObject({
      pageAgain: positive,
      /** How long the host of a run's commands may be away before people are asked. */
      hostAway: positive.default(30_000),
    }),
    messages: z.strictObject({ started: message, canaryHealthy: message, complete: message, aborted: message, rolledBack: message }),
  })
  .superRefine((playbook, context) => {
    const checks = new Set(playbook.checks.map((each) => each.name));
    playbook.triggers.forEach((each, index) => {
      if (!checks.has(each.check)) {
        context.addIssue({ code: 'custom', path: ['triggers', index, 'check'], message: `names the check "${each.check}", which isn't under checks (${[...checks].join(', ')})` });
      }
    });
    for (const [list, names] of [
      ['checks', playbook.checks.map((each) => each.name)],
      ['triggers', playbook.triggers.map((each) => each.name)],
      ['stages', playbook.stages.map((each) => each.name)],
    ] as const) {
      names.forEach((each, index) => {
        if (names.indexOf(each) !== index) context.addIssue({ code: 'custom', path: [list, index, 'name'], message: `"${each}" is there twice; each needs a name of its own` });
      });
    }
    playbook.checks.forEach((each, index) => {
      if (!playbook.triggers.some((rule) => rule.check === each.name)) {
        context.addIssue({ code: 'custom', path: ['checks', index], message: `the check "${each.name}" has no trigger: nothing would happen when it fails` });
      }
    });
  });

export type Playbook = z.output<typeof playbookSchema>;
export type Command = z.output<typeof command>;
export type Confirmation = z.output<typeof confirmation>;
export type Stage = z.output<typeof stage>;
export type Soak = z.output<typeof soak>;
export type Check = z.output<typeof check>;
export type Trigger = z.output<typeof trigger>;
export type Target = z.output<typeof target>;

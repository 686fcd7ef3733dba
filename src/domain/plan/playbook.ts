import { z } from 'zod';
import { formatDuration } from '../time/duration.js';
import { check } from './playbook/check.js';
import { argv, argvWith, command, COMMAND_VALUES } from './playbook/command.js';
import { channel } from './playbook/channel.js';
import { evidence } from './playbook/evidence.js';
import { freeze } from './playbook/freeze.js';
import { hypercare } from './playbook/hypercare.js';
import { messages } from './playbook/messages.js';
import { metrics } from './playbook/metrics.js';
import { restore } from './playbook/restore.js';
import { name, onlyPlaceholders, path, positive, shellLine, text, url } from './playbook/scalars.js';
import { isExternal, readTrigger, writtenTrigger } from './playbook/trigger.js';
import { smoke, verify } from './playbook/verify.js';

/**
 * The schema of a playbook file (golive.yaml): a service's go-live as data. Durations are written as `10m` and parsed into milliseconds;
 * `${VAR}` stays as it is, for it resolves at use in the worker's own environment; `{name}` is filled with what the run knows.
 */

/** Something a probe can't see: a command that exits 0, a URL that answers 200, or a person who attests to it. */
const confirmation = z
  .strictObject({
    run: argv.optional(),
    url: url.optional(),
    attest: text.optional(),
    deadline: positive.default(60_000),
  })
  .refine(
    (value) => [value.run, value.url, value.attest].filter((way) => way !== undefined).length === 1,
    'needs exactly one of run, url or attest',
  );

const drill = z
  .strictObject({ reports: text.optional(), maxAge: positive.optional(), attest: text.optional() })
  .refine(
    (value) => (value.reports === undefined) !== (value.attest === undefined),
    'needs either reports (a folder of drill reports) with maxAge, or attest',
  )
  .refine(
    (value) => value.reports === undefined || value.maxAge !== undefined,
    'needs maxAge, how old a drill report may be',
  );

const soak = z
  .strictObject({ min: positive, max: positive, settle: positive })
  .refine((value) => value.max >= value.min, 'max must not be shorter than min')
  .refine((value) => value.settle <= value.min, 'settle must not be longer than min');

/** An address of its own that a stage is watched at besides the service's. `selector`: the label matchers of its own metrics in Prometheus. */
const target = z.strictObject({ name, url, selector: text.superRefine(onlyPlaceholders(COMMAND_VALUES)).optional() });

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

const environment = z.strictObject({
  url,
  workingDirectory: text,
  environment: command.shape.environment,
});

export const playbookSchema = z
  .strictObject({
    version: z.literal(1, 'must be 1, the version of this file format'),
    service: text,
    environments: z
      .record(name, environment)
      .refine((all) => Object.keys(all).length > 0, 'needs at least one environment'),
    /** Environment variables a command inherits from the worker; everything else it gets from this file. */
    inherit: z.array(z.string()).default(['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']),
    /** Names of environment variables whose values are taken out of everything captured or shown. */
    secrets: z.array(z.string()).default([]),
    /** Between TERM and KILL when a command is stopped. */
    stopGrace: positive.default(10_000),
    liveVersion: z.strictObject({ path, field: text, samples: z.int().min(1).max(1_000).default(30) }),
    metrics: metrics.optional(),
    /** An address that answers unless the worker itself is cut off: then a service that doesn't answer is not known to be down. */
    control: z.strictObject({ url, timeout: positive.default(3_000) }).optional(),
    checks: z.array(check).min(1, 'needs at least one check'),
    triggers: z.array(writtenTrigger).min(1, 'needs at least one trigger'),
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
    verify,
    rollback: command.extend({
      attempts: z.int().min(1).max(10).default(2),
      provenWithin: positive.default(120_000),
      smoke,
      restore: restore.optional(),
    }),
    hypercare,
    holds: z.strictObject({
      pageAgain: positive,
      /** How long the host of a run's commands may be away before people are asked. */
      hostAway: positive.default(30_000),
    }),
    messages,
    /** How people call golive where they read pages and messages: `npx golive`, `--address temporal.internal:7233`. Commands in them are printed so. */
    commandLine: z.strictObject({ golive: shellLine, options: shellLine.optional() }).optional(),
    channels: z.array(channel).default([]),
    /** An outside monitor's address, called at this interval while a run is open: it pages when golive itself is dead. */
    deadMan: z.strictObject({ url, every: positive }).optional(),
    freezes: z.array(freeze).default([]),
    evidence: evidence.optional(),
  })
  .transform((written, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const triggers = written.triggers.flatMap(
      (each, index) =>
        readTrigger(each, written.checks, (message, key) =>
          fault(['triggers', index, ...(key ? [key] : [])], message),
        ) ?? [],
    );
    const playbook = { ...written, triggers };
    for (const [path, message] of faultsBetween(playbook)) fault(path, message);
    return playbook;
  });

export type Playbook = z.output<typeof playbookSchema>;
export type Command = z.output<typeof command>;
export type Confirmation = z.output<typeof confirmation>;
export type Stage = z.output<typeof stage>;
export type Soak = z.output<typeof soak>;
export type Target = z.output<typeof target>;
export type { Check, MetricCheck, ProbeCheck, RuleCheck } from './playbook/check.js';
export type { Channel } from './playbook/channel.js';
export type { Copy } from './playbook/evidence.js';
export type { Freeze } from './playbook/freeze.js';
export type { Hypercare } from './playbook/hypercare.js';
export type { Message, MessageEvent, Messages } from './playbook/messages.js';
export type { Restore } from './playbook/restore.js';
export type { CheckTrigger, ExternalTrigger, Trigger } from './playbook/trigger.js';

/** What no part shows by itself: names that are there twice, and parts that need another. */
function* faultsBetween({
  checks,
  triggers,
  stages,
  metrics,
  verify,
  channels,
  freezes,
  hypercare,
}: Playbook): Generator<[(string | number)[], string]> {
  for (const [list, all] of [
    ['checks', checks],
    ['triggers', triggers],
    ['stages', stages],
    ['channels', channels],
    ['freezes', freezes],
  ] as const) {
    const names = all.map((each) => each.name);
    for (const [index, each] of names.entries())
      if (names.indexOf(each) !== index)
        yield [[list, index, 'name'], `duplicate name "${each}"; each needs a name of its own`];
  }
  // A rate of the last five minutes that is looked at every ten misses half of what happened.
  for (const [index, { every }] of hypercare.windows.entries())
    if (metrics?.prometheus && every > metrics.window)
      yield [
        ['hypercare', 'windows', index, 'every'],
        `must not be longer than metrics.window (${formatDuration(metrics.window)}): nobody would see what happens in between`,
      ];
  for (const [index, each] of checks.entries()) {
    const { name, kind } = each;
    if (kind === 'metric' && metrics === undefined)
      yield [
        ['checks', index],
        `the check "${name}" needs metrics: say under metrics where they are, prometheus or scrape`,
      ];
    if (each.kind === 'metric' && metrics?.scrape && 'promql' in each.source)
      yield [['checks', index, 'promql'], 'needs metrics.prometheus: a scraped endpoint answers no PromQL'];
    if (kind === 'integrity' && verify.integrity === undefined)
      yield [['checks', index], `the check "${name}" needs verify.integrity, the command it runs`];
    // A metric has its guardrail, which holds up a soak.
    if (kind !== 'metric' && !triggers.some((rule) => !isExternal(rule) && rule.check === name))
      yield [['checks', index], `the check "${name}" has no trigger: nothing would happen when it fails`];
  }
}

import { goLiveInputSchema, sentences, type GoLiveInput } from '../../domain/run/input.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { StartOptions } from './start-options.js';

/** The input exactly as the workflow takes it, checked here first. Throws a {@link CliError} with one sentence per fault. */
export function inputOf(
  environment: string,
  { release, previous, owner, plan, attest, at, overrideFreeze, freezeReason }: StartOptions,
  more: { dryRun?: true; rollback?: GoLiveInput['rollback'] } = {},
): GoLiveInput {
  if ((overrideFreeze === undefined) !== (freezeReason === undefined))
    throw new CliError(
      EXIT.usage,
      '--override-freeze NAME and --freeze-reason WHY go together: an override is recorded with its reason.',
    );
  const raw = {
    environment,
    release,
    previousRelease: previous,
    decisionOwner: owner,
    ...more,
    ...(attest ? { attestations: attest } : {}),
    ...(plan === undefined ? {} : { plan }),
    ...(at === undefined ? {} : { startAt: at }),
    ...(overrideFreeze === undefined ? {} : { overrideFreeze: { freeze: overrideFreeze, reason: freezeReason } }),
  };
  const parsed = goLiveInputSchema().safeParse(raw);
  if (parsed.success) return parsed.data;
  const [what, subcommand] = more.rollback
    ? ['rollback', 'rollback']
    : more.dryRun
      ? ['rehearsal', 'dry-run']
      : ['go-live', 'start'];
  throw new CliError(
    EXIT.usage,
    `This ${what} can't start: ${sentences(parsed.error, optionOf).join('; ')}. Nothing was sent. The options: golive ${subcommand} --help`,
    { cause: parsed.error },
  );
}

const OPTIONS: Readonly<Record<string, string>> = {
  release: '--release',
  previousRelease: '--previous',
  decisionOwner: '--owner',
  plan: '--plan',
  startAt: '--at',
  'overrideFreeze.freeze': '--override-freeze',
  'overrideFreeze.reason': '--freeze-reason',
  'rollback.reason': '--reason',
  'rollback.by': '--by',
  'rollback.manifest': '--manifest',
};

/** How a part of a start's input is said at the terminal. */
function optionOf(place: string): string {
  const [, key] = /^attestations\.(\w+)$/.exec(place) ?? [];
  return key === undefined ? (OPTIONS[place.replace(/\.\d+$/, '')] ?? place) : `--attest ${key}`;
}

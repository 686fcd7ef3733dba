import type { Command } from 'commander';
import { unfitForVersioning } from '../../temporal/deployment.js';
import type { Versioning } from '../../worker.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

export interface VersioningOptions {
  readonly versioning: string;
}

const CHOICES: readonly Versioning[] = ['on', 'keep-current', 'off'];

export function withVersioning(command: Command): Command {
  return command.option(
    '--versioning [on|keep-current|off]',
    "pins each run to the build that began it; new runs go to this worker's build, or with keep-current to the one they go to now (GOLIVE_VERSIONING, docs/upgrading.md)",
    process.env['GOLIVE_VERSIONING'] || 'off',
  );
}

/** What --versioning or GOLIVE_VERSIONING says; the option alone means `on`. Throws a {@link CliError} for another word, and for a queue that can't have it. */
export function versioningOf({ versioning }: { readonly versioning: unknown }, taskQueue: string): Versioning {
  const said = versioning === true ? 'on' : CHOICES.find((choice) => choice === versioning);
  if (said === undefined)
    throw new CliError(
      EXIT.usage,
      `--versioning (GOLIVE_VERSIONING) is one of ${CHOICES.join(', ')}, not "${String(versioning)}".`,
    );
  const unfit = said === 'off' ? undefined : unfitForVersioning(taskQueue);
  if (unfit !== undefined) throw new CliError(EXIT.usage, unfit);
  return said;
}

import { Command } from 'commander';
import type { GoLiveInput } from '../../domain/run/input.js';
import { BEGINNING_EXITS, type ExitCode } from '../exit/exit-codes.js';
import { withSaidBy } from '../options/said-by.js';
import { withExamples } from '../options/shared-options.js';
import { begin } from './start.js';
import { inputOf, withRelease, type StartOptions } from '../options/start-options.js';

interface RollbackOptions extends StartOptions {
  readonly reason: string;
  readonly by: string;
  readonly manifest?: string;
  readonly dataSuspect?: boolean;
  readonly wait?: boolean;
}

export function rollbackCommand(): Command {
  const command = new Command('rollback')
    .summary('takes back a release whose go-live has ended')
    .description(
      'Takes back a release whose go-live has ended, with the rollback and the proof of the playbook, as a run of its own. While a go-live is open, "golive abort" is the way.',
    )
    .option(
      '--manifest <path>',
      'the backup that may be restored after it, as backup_create printed it; left out, that of the go-live is looked for',
    )
    .option('--data-suspect', 'the data can be wrong: the incident leads are asked about a restore')
    .option(
      '--wait',
      'follows it to its end, with each thing that happens as a line, and ends with its outcome as exit code',
    )
    .action(async (environment: string, options: RollbackOptions) => {
      process.exitCode = await rollback(environment, options);
    });
  return withExamples(
    withRelease(withSaidBy(command, 'who'), 'the release that is taken back', 'the release to go back to'),
    [
      'golive rollback prod --release RC.3 --previous RC.2 --owner "Ana" --reason "refunds fail since Monday" --by "Bo" --wait',
    ],
    BEGINNING_EXITS,
  );
}

async function rollback(environment: string, options: RollbackOptions): Promise<ExitCode> {
  return await begin(rollbackInput(environment, options), options);
}

/** The input of a rollback as it is said at the terminal. Throws a {@link CliError} with one sentence per fault. */
export function rollbackInput(environment: string, options: RollbackOptions): GoLiveInput {
  const { reason, by, manifest, dataSuspect } = options;
  const rollback = {
    reason,
    by,
    ...(manifest === undefined ? {} : { manifest }),
    ...(dataSuspect ? { data: true } : {}),
  };
  return inputOf(environment, options, { rollback });
}

import type { GoLiveInput } from '../../domain/run/input.js';
import { inputOf } from '../options/start-input.js';
import type { StartOptions } from '../options/start-options.js';
import type { ExitCode } from '../exit/exit-codes.js';
import { begin } from './start.js';

interface RollbackOptions extends StartOptions {
  readonly reason: string;
  readonly by: string;
  readonly manifest?: string;
  readonly dataSuspect?: boolean;
  readonly wait?: boolean;
}

export async function rollback(environment: string, options: RollbackOptions): Promise<ExitCode> {
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

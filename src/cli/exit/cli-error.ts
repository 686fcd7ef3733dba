import type { ExitCode } from './exit-codes.js';

/** What went wrong in the operator's terms, with the exit code that says so to scripts. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CliError';
  }
}

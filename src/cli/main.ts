#!/usr/bin/env node
import { CommanderError } from 'commander';
import { PlaybookFileError } from '../plans/playbook-file-error.js';
import { CliError } from './exit/cli-error.js';
import { EXIT, type ExitCode } from './exit/exit-codes.js';
import { golive } from './golive.js';
import { asCalledHere, programHere } from './terminal/called.js';
import { openTerminal } from './terminal/terminal.js';
import { severalLines } from './terminal/terminal-text.js';

// A reader that has gone, as in `golive status prod | head -1`, ends the output and is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const json = process.argv.includes('--json');

try {
  await golive(json, programHere(process.argv[1] ?? 'golive', process.env)).parseAsync();
} catch (error) {
  process.exitCode = await report(error);
}

/** Tells the operator what went wrong, and returns the exit code that says the same. */
async function report(error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok; // --help and --version
  const { exitCode, message } = await told(error);
  const terminal = openTerminal(json);
  terminal.document({ error: asCalledHere(message), exitCode });
  // Without --json commander has said its sentence itself, with the usage.
  if (!json && !(error instanceof CommanderError)) terminal.note(severalLines(message));
  return exitCode;
}

async function told(error: unknown): Promise<{ exitCode: ExitCode; message: string }> {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return { exitCode: EXIT.usage, message: error.message.replace(/^error: /, '') };
  if (error instanceof PlaybookFileError) return { exitCode: EXIT.usage, message: error.message };
  // It needs the SDK, which only a command with a server has loaded.
  const { serverFault } = await import('./server/server-fault.js');
  const fault = serverFault(error);
  if (fault !== undefined) return { exitCode: EXIT.noServer, message: `The Temporal server can't be used: ${fault}.` };
  const trace = process.env['GOLIVE_DEBUG'] && error instanceof Error ? `\n${error.stack}` : '';
  return {
    exitCode: EXIT.failed,
    message: `Internal error: ${error instanceof Error ? error.message : String(error)}${trace}`,
  };
}

import type { Command } from 'commander';
import type { ExitCode } from '../exit/exit-codes.js';
import { environmentArgument } from './environment-argument.js';
import { withExamples, withJson, withServer, type OutputOptions, type ServerOptions } from './shared-options.js';

export interface EnvironmentOptions extends ServerOptions, OutputOptions {}

/** A subcommand about the go-live of one environment, at a server, with `--json`. What it does returns the exit code; it is given further arguments too. */
export function environmentCommand<Options extends EnvironmentOptions>(
  command: Command,
  act: (environment: string, options: Options, ...more: string[]) => Promise<ExitCode>,
  examples: readonly string[],
  codes: readonly ExitCode[],
): Command {
  command
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .action(async (environment: string) => {
      process.exitCode = await act(environment, command.opts<Options>(), ...command.args.slice(1));
    });
  return withExamples(withJson(withServer(command)), examples, codes);
}

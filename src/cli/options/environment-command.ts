import type { Command } from 'commander';
import type { ExitCode } from '../exit/exit-codes.js';
import { environmentArgument } from './environment-argument.js';
import { loadedAction, type Load } from './loaded-action.js';
import { withExamples, withJson, withServer, type OutputOptions, type ServerOptions } from './shared-options.js';

export interface EnvironmentOptions extends ServerOptions, OutputOptions {}

/** A subcommand about the go-live of one environment, at a server, with `--json`. What it does is loaded when it is run, and is given further arguments too. */
export function environmentCommand<Options extends EnvironmentOptions>(
  command: Command,
  load: Load<[environment: string, options: Options, ...more: string[]]>,
  examples: readonly string[],
  codes: readonly ExitCode[],
): Command {
  const act = loadedAction(load);
  command
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .action((environment: string) => act(environment, command.opts<Options>(), ...command.args.slice(1)));
  return withExamples(withJson(withServer(command)), examples, codes);
}

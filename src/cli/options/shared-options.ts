import type { Command } from 'commander';
import { exitCodeTable, type ExitCode } from '../exit/exit-codes.js';

export interface OutputOptions {
  readonly json?: boolean;
}

export interface HomeOptions {
  readonly home: string;
}

export interface PlaybookOptions {
  readonly playbook: string;
}

export interface ServerOptions extends HomeOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
}

export function withJson(command: Command): Command {
  return command.option('--json', 'one JSON document on stdout instead of text; errors as {"error","exitCode"}');
}

export function withHome(command: Command): Command {
  return command.option(
    '--home <folder>',
    "golive's folder on this host (GOLIVE_HOME)",
    process.env['GOLIVE_HOME'] || '.golive',
  );
}

export function withPlaybook(command: Command): Command {
  return command.option('--playbook <file>', 'the playbook file (GOLIVE_PLAYBOOK)', defaultPlaybook());
}

/** The playbook file where none is named. */
export const defaultPlaybook = (): string => process.env['GOLIVE_PLAYBOOK'] || 'golive.yaml';

export function withServer(command: Command): Command {
  return withHome(command)
    .option(
      '--address <host:port>',
      'the Temporal server (TEMPORAL_ADDRESS, a profile, or what `golive up` runs in the home)',
    )
    .option('--namespace <name>', 'its namespace (TEMPORAL_NAMESPACE)')
    .option('--profile <name>', "a profile of Temporal's configuration file (TEMPORAL_PROFILE)");
}

/** Examples and exit codes under a subcommand's help. */
export function withExamples(command: Command, examples: readonly string[], codes: readonly ExitCode[]): Command {
  return command.addHelpText(
    'after',
    `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${examples.map((each) => `  ${each}`).join('\n')}\n\n${exitCodeTable(codes)}`,
  );
}

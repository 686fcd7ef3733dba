import type { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import type { Sent } from './sent.js';
import type { OpenGoLive } from './update-open.js';

/**
 * A subcommand that sends an update to the open go-live of an environment.
 * @param load finds what sends it and prints the answer, and returns what the document of `--json` has besides the environment
 */
export function updateCommand<Options extends EnvironmentOptions>(
  command: Command,
  sent: Sent,
  load: () => Promise<(goLive: OpenGoLive, options: Options) => Promise<object>>,
  examples: readonly string[],
): Command {
  return environmentCommand<Options>(
    command,
    async () => {
      const [{ updateOpen }, act] = await Promise.all([import('./update-open.js'), load()]);
      return (environment, options) => updateOpen(environment, options, sent, act);
    },
    examples,
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

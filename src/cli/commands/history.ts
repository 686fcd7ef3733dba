import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { countArgument } from '../options/count-argument.js';
import { environmentCommand } from '../options/environment-command.js';

const MOST = 20;

export function historyCommand(): Command {
  const command = new Command('history')
    .summary('the earlier go-lives of an environment')
    .description(
      'Lists the go-lives of an environment that the server still remembers, the newest first: when it began, how it ended, the release and the one before (→ where it was taken back), how long it took, its owner, and what or who stopped it. Below them, of those that changed something: how many failed, and how long it took until they were live, and until the previous release was back. Asks the server, and reads the evidence that is in the home.',
    )
    .option('--dry-run', 'its rehearsals too')
    .option('--most <number>', 'so many of them', countArgument, MOST);
  return environmentCommand(
    command,
    async () => (await import('../actions/history.js')).history,
    [
      'golive history prod',
      `golive history prod --json | jq -r '.runs[] | select(.outcome == "rolled-back") | .cause'`,
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive],
  );
}

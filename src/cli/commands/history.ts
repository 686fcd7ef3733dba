import { Command } from 'commander';
import { workflowIdOf } from '../../domain/run/input.js';
import { doraOf, doraText } from '../../domain/evidence/dora.js';
import { homeAt } from '../../home.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { countArgument } from '../options/count-argument.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { noGoLive } from '../run/no-go-live.js';
import { pastRuns } from '../run/past-runs.js';
import { historyScreen } from '../screens/history-screen.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

const SERVER_MS = 20_000;
const MOST = 20;

interface HistoryOptions extends EnvironmentOptions {
  readonly dryRun?: boolean;
  readonly most: number;
}

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
    history,
    [
      'golive history prod',
      `golive history prod --json | jq -r '.runs[] | select(.outcome == "rolled-back") | .cause'`,
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive],
  );
}

async function history(environment: string, { dryRun = false, most, ...options }: HistoryOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    const now = Date.now();
    const runs = await client.withDeadline(now + SERVER_MS, () =>
      pastRuns(client, environment, { dryRun, most, evidence: homeAt(options.home).evidence }),
    );
    const dora = doraOf(runs.filter((run) => !run.dryRun).map((run) => ({ ...run, id: run.runId, environment })));
    if (runs.length === 0) throw await noGoLive(client, workflowIdOf({ environment }), server);
    const line = doraText(dora);
    terminal.print([historyScreen(runs, now, terminal.paint), ...(line === undefined ? [] : [line])].join('\n'));
    terminal.document({ environment, runs, dora });
    return EXIT.ok;
  });
}

import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { doraOf, doraText } from '../../domain/evidence/dora.js';
import { homeAt } from '../../home.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { noGoLive } from '../run/no-go-live.js';
import { pastRuns } from '../run/past-runs.js';
import { historyScreen } from '../screens/history-screen.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

const SERVER_MS = 20_000;

interface HistoryOptions extends EnvironmentOptions {
  readonly dryRun?: boolean;
  readonly most: number;
}

export async function history(
  environment: string,
  { dryRun = false, most, ...options }: HistoryOptions,
): Promise<ExitCode> {
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

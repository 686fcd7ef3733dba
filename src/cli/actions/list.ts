import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { OutputOptions, ServerOptions } from '../options/shared-options.js';
import { listRuns } from '../run/list-runs.js';
import { listScreen } from '../screens/list-screen.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

/** The server has thousands of runs at most. */
const SERVER_MS = 20_000;

interface ListOptions extends ServerOptions, OutputOptions {}

export async function list(options: ListOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, { target }) => {
    const now = Date.now();
    const runs = await client.withDeadline(now + SERVER_MS, () => listRuns(client, target.namespace, now));
    terminal.print(listScreen(runs, now, terminal.paint));
    terminal.document({ runs });
    return EXIT.ok;
  });
}

import { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import {
  withExamples,
  withJson,
  withServer,
  type OutputOptions,
  type ServerOptions,
} from '../options/shared-options.js';
import { listRuns } from '../run/list-runs.js';
import { listScreen } from '../screens/list-screen.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

/** The server has thousands of runs at most. */
const SERVER_MS = 20_000;

interface ListOptions extends ServerOptions, OutputOptions {}

export function listCommand(): Command {
  const command = new Command('list')
    .summary('the go-lives of all environments')
    .description(
      'Lists the newest go-live of each environment, the open ones first: phase or outcome, questions that wait for an answer, and the build of golive it is on. Asks only the server.',
    )
    .action(async (options: ListOptions) => {
      process.exitCode = await list(options);
    });
  return withExamples(
    withJson(withServer(command)),
    ['golive list', `golive list --json | jq -r '.runs[] | select(.open) | .environment'`],
    [EXIT.ok, EXIT.noServer],
  );
}

async function list(options: ListOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, { target }) => {
    const now = Date.now();
    const runs = await client.withDeadline(now + SERVER_MS, () => listRuns(client, target.namespace, now));
    terminal.print(listScreen(runs, now, terminal.paint));
    terminal.document({ runs });
    return EXIT.ok;
  });
}

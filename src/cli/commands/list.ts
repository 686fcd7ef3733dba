import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples, withJson, withServer } from '../options/shared-options.js';

export function listCommand(): Command {
  const command = new Command('list')
    .summary('the go-lives of all environments')
    .description(
      'Lists the newest go-live of each environment, the open ones first: phase or outcome, questions that wait for an answer, and the build of golive it is on. Asks only the server.',
    )
    .action(loadedAction(async () => (await import('../actions/list.js')).list));
  return withExamples(
    withJson(withServer(command)),
    ['golive list', `golive list --json | jq -r '.runs[] | select(.open) | .environment'`],
    [EXIT.ok, EXIT.noServer],
  );
}

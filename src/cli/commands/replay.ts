import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { environmentArgument } from '../options/environment-argument.js';
import { withEvidence } from '../options/evidence-options.js';
import { withExamples, withJson, withPlaybook } from '../options/shared-options.js';

export function replayCommand(): Command {
  const command = new Command('replay')
    .summary('what another playbook would have decided on the readings of go-lives that are kept')
    .description(
      'Takes the readings that are kept of a go-live through the checks, triggers and soaks of a playbook file, by the same rules, and says for each trigger when it fired and when it would have, and when each soak would have been promoted: for tuning. Needs neither a server nor a worker (docs/evidence.md).',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .action(loadedAction(async () => (await import('../actions/replay.js')).replayKept));
  return withExamples(
    withJson(withEvidence(withPlaybook(command))),
    ['golive replay prod --playbook other.yaml', 'golive replay prod --playbook other.yaml --all'],
    [EXIT.ok, EXIT.usage, EXIT.noGoLive],
  );
}

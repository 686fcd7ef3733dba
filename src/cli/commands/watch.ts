import { Command } from 'commander';
import { workflowIdOf } from '../../domain/run/input.js';
import { ENDING_EXITS, EXIT, type ExitCode } from '../exit/exit-codes.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { BY_DEFAULT } from '../options/said-by.js';
import { whoeverIsHere } from '../options/who.js';
import { awaitRun } from '../run/await-run.js';
import { followRun } from '../run/follow-run.js';
import { followed } from '../run/followed.js';
import { tellEnding } from '../screens/tell-ending.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

interface WatchOptions extends EnvironmentOptions {
  readonly dryRun?: boolean;
  readonly by?: string;
}

export function watchCommand(): Command {
  const command = new Command('watch')
    .summary('a screen that shows a go-live as it goes, with keys for what one does at 2 a.m.')
    .description(
      "Shows an environment's go-live on the whole terminal as it goes, and waits for one that has not started, of an environment that is known. Keys abort, pause, resume, promote and answer, each with a reason; q quits, and the go-live goes on. " +
        'Where the output is no terminal: each thing that happens as a line, until it ends.',
    )
    .option('--dry-run', "the environment's rehearsal instead of its go-live")
    .option('--by <name>', `who sits in front of it: named in what the keys send; ${BY_DEFAULT}`);
  return environmentCommand(
    command,
    watch,
    ['golive watch prod', 'golive watch prod --by "Ana"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive, ...ENDING_EXITS],
  );
}

async function watch(environment: string, options: WatchOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  if (terminal.isScreen) {
    const { onScreen } = await import('../watch/on-screen.js');
    return await onScreen(
      { environment, workflowId, dryRun: options.dryRun === true, by: options.by ?? whoeverIsHere(), options },
      terminal,
    );
  }
  return await withClient(options, async (client, server) => {
    const run = await awaitRun(client, workflowId, server, () =>
      terminal.note(`Waiting for a go-live of ${environment}: none has been started that the server remembers.`),
    );
    terminal.note(await followed(client, server, run));
    const { runId } = run;
    const follower = { progress: terminal.print, remark: terminal.note };
    const ending = await followRun(client, workflowId, runId, follower);
    return tellEnding(ending, { environment, workflowId, runId }, terminal);
  });
}

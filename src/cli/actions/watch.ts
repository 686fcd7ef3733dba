import { workflowIdOf } from '../../domain/run/workflow-id.js';
import type { ExitCode } from '../exit/exit-codes.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
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

export async function watch(environment: string, options: WatchOptions): Promise<ExitCode> {
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

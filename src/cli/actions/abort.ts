import { NO_REASON, type SaidBy } from '../../domain/people/said-by.js';
import { typedFor, workflowIdOf } from '../../domain/run/workflow-id.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import type { ExitCode } from '../exit/exit-codes.js';
import { abortRun } from '../messages/abort-run.js';
import { withClient } from '../server/find-server.js';
import { whoeverIsHere } from '../options/who.js';
import { ask, canAsk } from '../terminal/ask.js';
import { openTerminal } from '../terminal/terminal.js';

interface AbortOptions extends EnvironmentOptions, Partial<SaidBy> {
  readonly dryRun?: boolean;
  readonly dataSuspect?: boolean;
}

export async function abort(
  environment: string,
  { reason, by, dataSuspect, ...options }: AbortOptions,
): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  const who = by ?? whoeverIsHere();
  return await withClient(options, async (client, server) => {
    const send = (why: string) =>
      abortRun(client, workflowId, server, { reason: why, by: who, ...(dataSuspect ? { data: true } : {}) });
    const { text, document, exitCode } = await send(reason ?? NO_REASON);
    terminal.print(text);
    if ('answered' in document && document.answered) terminal.print(`Watch it: golive watch ${typedFor(workflowId)}`);
    terminal.document({ environment, workflowId, ...document });
    // It is under way: now there is time for words. They come with a second abort, which adds its reason.
    const why = reason === undefined && canAsk() ? await ask('Why? Enter leaves it out: ') : '';
    if (why !== '') terminal.note((await send(why)).text);
    return exitCode;
  });
}

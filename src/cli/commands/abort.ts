import { Command } from 'commander';
import { NO_REASON, type SaidBy } from '../../domain/people/said-by.js';
import { typedFor, workflowIdOf } from '../../domain/run/input.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { abortRun } from '../messages/abort-run.js';
import { withClient } from '../server/find-server.js';
import { BY_DEFAULT } from '../options/said-by.js';
import { whoeverIsHere } from '../options/who.js';
import { ask, canAsk } from '../terminal/ask.js';
import { openTerminal } from '../terminal/terminal.js';

interface AbortOptions extends EnvironmentOptions, Partial<SaidBy> {
  readonly dryRun?: boolean;
  readonly dataSuspect?: boolean;
}

export function abortCommand(): Command {
  const command = new Command('abort')
    .summary('stops a go-live now; rolls back what was deployed')
    .description(
      'Stops a go-live now: rolls back if anything was deployed, else ends it. Can be said twice; works without a worker, too: the server then keeps it.',
    )
    .option('--reason <text>', 'why; it is announced. When left out it is asked for after the abort was sent')
    .option('--by <name>', `who; ${BY_DEFAULT}`)
    .option('--data-suspect', 'the data can be wrong: the incident leads are asked about a restore after the rollback')
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    abort,
    ['golive abort prod --reason "checkout fails" --by "Ana"'],
    [EXIT.ok, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function abort(environment: string, { reason, by, dataSuspect, ...options }: AbortOptions): Promise<ExitCode> {
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

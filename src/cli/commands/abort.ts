import { Command } from 'commander';
import type { SaidBy } from '../../domain/people/said-by.js';
import { workflowIdOf } from '../../domain/run/input.js';
import { beginsAt } from '../../temporal/begins-at.js';
import type { AbortAnswer } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { loginName } from '../options/login-name.js';
import { describeRun, endOf } from '../run/look-at-run.js';
import { notBegun } from '../run/not-begun.js';
import { sendAbort } from '../messages/send-abort.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';
import { oneLine } from '../terminal/terminal-text.js';

interface AbortOptions extends EnvironmentOptions, SaidBy {
  readonly dryRun?: boolean;
}

export function abortCommand(): Command {
  const command = new Command('abort')
    .summary('stops a go-live now; rolls back what was deployed')
    .description(
      'Stops a go-live now: rolls back if anything was deployed, else ends it. Can be said twice; works without a worker, too: the server then keeps it.',
    )
    .option('--reason <text>', 'why; it is announced', 'no reason given')
    .option('--by <name>', 'who', loginName())
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    abort,
    ['golive abort prod --reason "checkout fails" --by "Ana"'],
    [EXIT.ok, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function abort(environment: string, { reason, by, ...options }: AbortOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, ...(options.dryRun ? { dryRun: true } : {}) });
  return await withClient(options, async (client, server) => {
    // Sent before anything else is asked: an abort waits for nothing.
    const sent = await sendAbort(client, workflowId, { reason, by });
    if (sent.kind === 'answered') return tellAnswer(sent.answer, environment, workflowId, terminal);
    // Once the abort is with the server it must be said, whatever becomes of this question.
    const seen = await describeRun(client, workflowId, server).catch((error: unknown) => {
      if (sent.kind === 'recorded') return undefined;
      throw error;
    });
    const begins = seen && beginsAt(seen);
    if (begins !== undefined) throw new CliError(EXIT.refused, notBegun(workflowId, begins));
    if (!seen || (sent.kind === 'recorded' && seen.status.name === 'RUNNING'))
      return tellRecorded(environment, workflowId, terminal);
    const { runId } = seen;
    const { result, failure } = await endOf(client, workflowId, runId);
    const how = result ? `${result.outcome}: ${oneLine(result.summary)}` : oneLine(failure ?? 'without an outcome');
    if (result?.outcome !== 'aborted' && result?.outcome !== 'rolled-back')
      throw new CliError(EXIT.refused, `${workflowId} has ended, ${how}. Nothing is left to abort.`);
    terminal.print(`${workflowId} is stopped already, ${how}.`);
    terminal.document({
      environment,
      workflowId,
      accepted: false,
      phase: 'ended',
      outcome: result.outcome,
      next: 'nothing is left to abort',
    });
    return EXIT.ok;
  });
}

function tellRecorded(environment: string, workflowId: string, terminal: Terminal): ExitCode {
  terminal.print(
    `No worker has answered, so nothing has happened yet. The abort is kept by the server and acts as soon as a worker is back: golive worker (or golive up). ` +
      `What is deployed stays as it is until then; a command that runs goes on. See: golive status ${environment}.`,
  );
  terminal.document({ environment, workflowId, recorded: true, answered: false, exitCode: EXIT.noWorker });
  return EXIT.noWorker;
}

function tellAnswer(answer: AbortAnswer, environment: string, workflowId: string, terminal: Terminal): ExitCode {
  const { accepted, phase, inFlight, next } = answer;
  terminal.print(
    `${accepted ? 'Aborted' : 'Already stopping'} in phase ${phase}${inFlight === undefined ? '' : `, with ${oneLine(inFlight)} in flight`}: ${oneLine(next)}.`,
  );
  terminal.print(`Watch it: golive status ${environment} --watch`);
  terminal.document({ environment, workflowId, recorded: true, answered: true, ...answer });
  return EXIT.ok;
}

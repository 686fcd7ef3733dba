import { Command } from 'commander';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import { workflowIdOf } from '../domain/input.js';
import { answerCommand, type Decision, type OpenHold } from '../domain/hold.js';
import { decideUpdate, statusQuery } from '../workflows/messages.js';
import { CliError } from './cli-error.js';
import { environmentArgument } from './environment-argument.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { withClient } from './find-server.js';
import { ANSWER_MS, describeRun } from './look-at-run.js';
import { withExamples, withJson, withServer, type OutputOptions, type ServerOptions } from './shared-options.js';
import { openTerminal } from './terminal.js';
import { oneLine } from './terminal-text.js';

interface DecideOptions extends ServerOptions, OutputOptions {
  readonly hold?: string;
  readonly choice: string;
  readonly by: string;
  readonly reason: string;
}

const DECIDED_MS = 10_000;

export function decideCommand(): Command {
  const command = new Command('decide')
    .summary('answers an open hold')
    .description('Answers an open hold. "golive status" shows the holds that are open, each with its choices and this very command.')
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .option('--hold <id>', 'which hold; may be left out when only one is open')
    .requiredOption('--choice <choice>', 'one of the choices of the hold')
    .requiredOption('--by <name>', 'who decides; it is recorded')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action(async (environment: string, options: DecideOptions) => {
      process.exitCode = await decide(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    ['golive decide prod --hold soak-canary --choice extend --by "Ana" --reason "one slow node, already replaced"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function decide(environment: string, options: DecideOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment });
  return await withClient(options, async (client, server) => {
    const { status, runId } = await describeRun(client, workflowId, server);
    if (status.name !== 'RUNNING') throw new CliError(EXIT.refused, `${workflowId} has ended, so there is nothing to decide. See how: golive status ${environment}`);
    const holds = await openHolds(client, environment, workflowId, runId);
    const hold = options.hold ?? onlyHold(environment, holds).id;
    const decision = { hold, choice: options.choice, by: options.by, reason: options.reason };
    const answer = await send(client, environment, workflowId, decision);
    terminal.print(`Decided ${oneLine(answer)}.`);
    terminal.document({ environment, workflowId, ...decision, accepted: true });
    return EXIT.ok;
  });
}

/** Asked first also to know that a worker is there: a decision is never left with the server to be taken at some later time. */
async function openHolds(client: Client, environment: string, workflowId: string, runId: string): Promise<readonly OpenHold[]> {
  try {
    const { holds } = await client.withDeadline(Date.now() + ANSWER_MS, () => client.workflow.getHandle(workflowId, runId).query(statusQuery));
    return holds;
  } catch (error) {
    throw noWorker(environment, error);
  }
}

function onlyHold(environment: string, holds: readonly OpenHold[]): OpenHold {
  const [first, ...more] = holds;
  if (first && more.length === 0) return first;
  if (!first) throw new CliError(EXIT.refused, 'No hold is open, so there is nothing to decide.');
  throw new CliError(EXIT.refused, `${holds.length} holds are open: say which one with --hold.\n${holds.map((hold) => `  ${oneLine(answerCommand(environment, hold))}`).join('\n')}`);
}

async function send(client: Client, environment: string, workflowId: string, decision: Decision): Promise<string> {
  try {
    return await client.withDeadline(Date.now() + DECIDED_MS, () => client.workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [decision] }));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      const why = error.cause instanceof ApplicationFailure ? error.cause.message : (error.cause?.message ?? error.message);
      throw new CliError(EXIT.refused, `Refused: ${why}`, { cause: error });
    }
    if (error instanceof WorkflowNotFoundError) throw new CliError(EXIT.refused, `${workflowId} has ended meanwhile, so there is nothing to decide. See how: golive status ${environment}`, { cause: error });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new CliError(EXIT.noWorker, `No worker took the decision within ${DECIDED_MS / 1_000} s. Whether it still does isn't known: look at the hold with golive status ${environment}, and decide again if it is still open.`, { cause: error });
    }
    throw error;
  }
}

function noWorker(environment: string, error: unknown): CliError {
  return new CliError(EXIT.noWorker, `No worker answers, so the decision was not sent. See what is missing with golive status ${environment}, start a worker (golive worker, or golive up), then decide again.`, { cause: error });
}

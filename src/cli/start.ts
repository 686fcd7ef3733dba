import { Command } from 'commander';
import { beginRun, missingWorker } from './begin-run.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { withClient } from './find-server.js';
import { followRun } from './follow-run.js';
import { onInterrupt } from './interrupt.js';
import { withExamples } from './shared-options.js';
import { inputOf, withStart, type StartOptions } from './start-options.js';
import { tellEnding } from './tell-ending.js';
import { openTerminal } from './terminal.js';

interface StartCommandOptions extends StartOptions {
  readonly wait?: boolean;
}

export function startCommand(): Command {
  const command = new Command('start')
    .summary('starts a go-live; --wait follows it')
    .description('Starts the go-live of a release in an environment. One at a time: a second start is refused and changes nothing.')
    .option('--wait', 'follows it to its end, with each thing that happens as a line, and ends with its outcome as exit code')
    .action(async (environment: string, options: StartCommandOptions) => {
      process.exitCode = await start(environment, options);
    });
  return withExamples(
    withStart(command),
    [
      'golive start prod --release RC.3 --previous RC.2 --owner "Ana"',
      'golive start prod --release RC.3 --previous RC.2 --owner "Ana" --plan 3f9c2a71d0b4 \\\n      --attest stagingParity="compared, ticket 812" --attest restoreDrill="passed on 2 May" --wait',
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.rejected, EXIT.aborted, EXIT.rolledBack, EXIT.rollbackFailed, EXIT.noOutcome, EXIT.interrupted],
  );
}

async function start(environment: string, options: StartCommandOptions): Promise<ExitCode> {
  const input = inputOf(environment, options, false);
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    const begun = await beginRun(client, input, options.queue, server);
    terminal.print(`Started the go-live of ${input.release} to ${environment}: ${begun.workflowId}, run ${begun.runId}.`);
    const missing = await missingWorker(client, options.queue, server);
    if (missing !== undefined) terminal.note(missing);
    if (!options.wait) {
      terminal.print(`Watch it: golive status ${environment} --watch. Stop it: golive abort ${environment} --reason WHY --by NAME.`);
      terminal.document({ ...begun, input, workerPolls: missing === undefined });
      return EXIT.ok;
    }
    const restore = onInterrupt(() => terminal.note(`Not waiting any longer; the go-live itself goes on. Watch it: golive status ${environment} --watch. Stop it: golive abort ${environment} --reason WHY --by NAME.`));
    const ending = await followRun(client, begun.workflowId, begun.runId, { progress: terminal.print, remark: terminal.note }).finally(restore);
    return tellEnding(ending, { ...begun, input }, terminal);
  });
}

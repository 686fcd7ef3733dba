import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../../domain/run/input.js';
import { supersedeUpdate } from '../../workflows/people/messages.js';
import { environmentArgument } from '../options/environment-argument.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient, type FoundServer } from '../server/find-server.js';
import { describeRun } from '../run/look-at-run.js';
import { sendUpdate, statusBefore } from '../messages/send-update.js';
import {
  withExamples,
  withJson,
  withServer,
  type OutputOptions,
  type ServerOptions,
} from '../options/shared-options.js';
import { openTerminal } from '../terminal/terminal.js';
import { oneLine } from '../terminal/terminal-text.js';

interface SupersedeOptions extends ServerOptions, OutputOptions {
  readonly release: string;
  readonly by: string;
  readonly reason: string;
}

const SENT = { what: 'supersession', verb: 'supersede' };
/** A run that ends gives its last announcements ten seconds. */
const END_MS = 15_000;
const LOOK_EVERY_MS = 150;

export function supersedeCommand(): Command {
  const command = new Command('supersede')
    .summary('ends hypercare for a hotfix, and nothing else')
    .description(
      'Ends the hypercare of the release that is live, because a hotfix goes live next. Nothing is rolled back, nothing is run. Afterwards the hotfix can be started.',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .requiredOption('--release <tag>', 'the hotfix')
    .requiredOption('--by <name>', 'who decides; it is recorded')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action(async (environment: string, options: SupersedeOptions) => {
      process.exitCode = await supersede(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    ['golive supersede prod --release RC.4 --by "Ana" --reason "totals are wrong"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function supersede(
  environment: string,
  { release, by, reason, ...options }: SupersedeOptions,
): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    const { status, runId } = await statusBefore(client, environment, server, SENT);
    const answer = await sendUpdate(client, environment, supersedeUpdate, { release, by, reason }, SENT);
    terminal.print(`Superseded: ${oneLine(answer)}.`);
    const over = await ended(client, environment, runId, server);
    const next = `golive start ${environment} --release ${release} --previous ${oneLine(status.release)} --owner NAME`;
    terminal.print(
      over
        ? `Start it: ${next}`
        : `It is still announcing its end. When golive status ${environment} says that it has ended, start the hotfix: ${next}`,
    );
    terminal.document({ environment, superseded: status.release, by, reason, release, ended: over, next });
    return EXIT.ok;
  });
}

/** Waits for the end of that run, for a start before it would be refused. */
async function ended(client: Client, environment: string, runId: string, server: FoundServer): Promise<boolean> {
  for (const until = Date.now() + END_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    const run = await describeRun(client, workflowIdOf({ environment }), server);
    if (run.runId !== runId || run.status.name !== 'RUNNING') return true;
  }
  return false;
}

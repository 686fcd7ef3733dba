import type { GoLiveInput } from '../../domain/run/input.js';
import { awaitOpening, type Opened } from '../run/await-opening.js';
import { planDiffers } from '../run/plan-differs.js';
import { withBackup } from '../run/find-backup.js';
import { beginRun, missingWorker, type BegunRun } from '../run/begin-run.js';
import { inputOf } from '../options/start-input.js';
import type { StartOptions } from '../options/start-options.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { followRun } from '../run/follow-run.js';
import { whoeverIsHere } from '../options/who.js';
import { requireEnvironment } from '../options/known-environments.js';
import { onInterrupt } from '../exit/interrupt.js';
import { ahead, dayAndClock } from '../terminal/moments.js';
import type { ServerOptions } from '../options/shared-options.js';

import { tellEnding } from '../screens/tell-ending.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';
import { oneLine, severalLines } from '../terminal/terminal-text.js';

interface StartCommandOptions extends StartOptions {
  readonly wait?: boolean;
  readonly watch?: boolean;
}

export async function start(environment: string, options: StartCommandOptions): Promise<ExitCode> {
  return await begin(inputOf(environment, options), options);
}

/** Begins a run and says how far it came, or follows it to its end. */
export async function begin(
  given: GoLiveInput,
  options: Pick<StartCommandOptions, 'wait' | 'watch' | 'queue' | 'json' | 'playbook' | keyof ServerOptions>,
): Promise<ExitCode> {
  const { environment, rollback } = given;
  const terminal = openTerminal(options.json === true);
  return await withClient(
    options,
    async (client, server) => {
      await requireEnvironment(environment, server, options.playbook);
      const { input, told } = await withBackup(client, given);
      if (told !== undefined) terminal.note(oneLine(told));
      const differs = rollback ? undefined : await planDiffers(client, environment, server, options.playbook);
      const begun = await beginRun(client, input, options.queue, server);
      terminal.print(
        `Started the ${rollback ? `rollback of ${input.release} to ${input.previousRelease} in` : `go-live of ${input.release} to`} ${environment}: ${begun.workflowId}, run ${begun.runId}.`,
      );
      if (differs !== undefined) terminal.note(differs);
      const missing = await missingWorker(client, options.queue, server);
      if (missing !== undefined) terminal.note(missing);
      if (options.watch && terminal.isScreen) {
        const { onScreen } = await import('../watch/on-screen.js');
        const dryRun = input.dryRun === true;
        return await onScreen(
          { environment, workflowId: begun.workflowId, dryRun, by: whoeverIsHere(), options },
          terminal,
        );
      }
      const restore = onInterrupt(() =>
        terminal.note(
          `Not waiting any longer; the ${rollback ? 'rollback' : 'go-live'} itself goes on. ${howToWatch(input)}`,
        ),
      );
      try {
        if (options.wait || options.watch)
          return tellEnding(
            await followRun(client, begun.workflowId, begun.runId, { progress: terminal.print, remark: terminal.note }),
            { ...begun, input },
            terminal,
          );
        const opened: Opened = missing === undefined ? await awaitOpening(client, begun, server) : { kind: 'unknown' };
        return tellOpened(opened, { ...begun, input, workerPolls: missing === undefined }, terminal);
      } finally {
        restore();
      }
    },
    { begins: !rollback },
  );
}

interface StartedRun extends BegunRun {
  readonly input: GoLiveInput;
  readonly workerPolls: boolean;
}

function tellOpened(opened: Opened, begun: StartedRun, terminal: Terminal): ExitCode {
  if (opened.kind === 'ended') return tellEnding(opened.ending, begun, terminal);
  const watch = howToWatch(begun.input);
  if (opened.kind === 'failing') {
    const why = severalLines(opened.why);
    terminal.print(
      `${terminal.paint('red', 'It can’t begin yet')}: ${why}\nIt is tried for 30 s; then it is rejected, with nothing deployed. ${watch}`,
    );
    terminal.document({ ...begun, notOpened: opened.why, exitCode: EXIT.failed });
    return EXIT.failed;
  }
  const { startAt } = begun.input;
  if (startAt !== undefined)
    terminal.print(
      `It begins at ${dayAndClock(startAt)} (${new Date(startAt).toLocaleString()} here), ${ahead(startAt, Date.now())}. Until then nothing is done, and ${begun.input.environment} is reserved.`,
    );
  terminal.print(watch);
  terminal.document({ ...begun, ...(opened.kind === 'opened' ? { planHash: opened.planHash } : {}) });
  return EXIT.ok;
}

/** A rollback is stopped by nothing but a person who takes it over, when it asks. */
function howToWatch({ environment, rollback }: GoLiveInput): string {
  return `Watch it: golive watch ${environment}${rollback ? '' : `. Stop it: golive abort ${environment}`}`;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { typedFor, workflowIdOf } from '../../domain/run/workflow-id.js';
import { CliError } from '../exit/cli-error.js';
import { whoeverIsHere } from '../options/who.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { describeRun, lookAtRun } from '../run/look-at-run.js';
import { notBegun } from '../run/not-begun.js';
import type { RunView } from '../run/run-view.js';
import { statusScreen, timelineScreen } from '../screens/status-screen.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';

interface StatusOptions extends EnvironmentOptions {
  readonly dryRun?: boolean;
  readonly timeline?: boolean;
  readonly watch?: boolean;
}

const WATCH_EVERY_MS = 1_000;

export async function status(environment: string, options: StatusOptions): Promise<ExitCode> {
  if (options.watch && options.json)
    throw new CliError(
      EXIT.usage,
      '--json is one document, so it can’t --watch. Ask again and again without --watch instead.',
    );
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  if (options.watch && terminal.isScreen) {
    const { onScreen } = await import('../watch/on-screen.js');
    const timeline = options.timeline === true;
    await onScreen(
      { environment, workflowId, dryRun: options.dryRun === true, by: whoeverIsHere(), timeline, options },
      terminal,
    );
    return EXIT.ok;
  }
  return await withClient(options, async (client, server) => {
    for (let shown = ''; ;) {
      const run = await describeRun(client, workflowId, server);
      const view = await lookAtRun(client, environment, run, server, terminal.json);
      terminal.document(view);
      shown = show(view, options, terminal, shown);
      if (!options.watch || !view.running) return view.running && view.silence !== undefined ? EXIT.noWorker : EXIT.ok;
      await sleep(WATCH_EVERY_MS);
    }
  });
}

/** Prints what differs from what was shown before. Returns what is shown now. */
function show(view: RunView, { timeline }: StatusOptions, terminal: Terminal, before: string): string {
  const screen = timeline ? timelineScreen(view) || noTimeline(view) : statusScreen(view, Date.now(), terminal.paint);
  if (screen === before) return before;
  terminal.print(screen);
  return screen;
}

function noTimeline(view: RunView): string {
  if (view.beginsAt !== undefined) return notBegun(view.workflowId, view.beginsAt);
  return `The timeline of ${view.workflowId} can't be read now: ${(view.silence ?? view.failure ?? 'it is empty').replace(/\.$/, '')}. "golive status ${typedFor(view.workflowId)}" says what is known without it.`;
}

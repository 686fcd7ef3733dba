import { typedFor } from '../../domain/run/workflow-id.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit/exit-codes.js';
import { painted } from '../terminal/line.js';
import type { Terminal } from '../terminal/terminal.js';
import { headerLine } from './header-line.js';
import { urgentLines } from './urgent-lines.js';
import { WatchScreen } from './watch-screen.js';
import type { Watch, Watched } from './watched.js';

/** Watches an environment on the whole terminal until somebody quits, and leaves there how it ended, or that it goes on. Returns the exit code of the outcome. */
export async function onScreen(watch: Watch, terminal: Terminal): Promise<ExitCode> {
  const screen = new WatchScreen(watch);
  const watched = await screen.run();
  terminal.print(leftBehind(watched, terminal));
  const exitCode = exitCodeAfter(watched);
  if (screen.hangs) process.exit(exitCode);
  return exitCode;
}

function leftBehind(watched: Watched, { paint }: Terminal): string {
  const { view, environment, workflowId } = watched;
  const again = `golive watch ${typedFor(workflowId)}`;
  if (!view) return `Nothing is known of a go-live of ${environment}. Watch on: ${again}`;
  if (view.running) return `The go-live itself goes on. Watch it: ${again}`;
  const columns = process.stdout.columns || 80;
  const now = Date.now();
  return [headerLine(watched, columns, now), ...urgentLines(watched, columns, now)]
    .map((line) => painted(line, columns, paint))
    .join('\n');
}

function exitCodeAfter({ view }: Watched): ExitCode {
  if (!view || view.running) return EXIT.ok;
  return view.result ? exitCodeOf(view.result.outcome) : EXIT.noOutcome;
}

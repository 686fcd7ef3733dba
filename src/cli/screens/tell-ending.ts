import { EXIT, exitCodeOf, type ExitCode } from '../exit/exit-codes.js';
import type { Ending } from '../run/follow-run.js';
import type { Terminal } from '../terminal/terminal.js';
import { oneLine, severalLines } from '../terminal/terminal-text.js';

/** Says how a run that was waited for has ended; `begun` goes into the document of `--json` as well. Returns the exit code that says the same. */
export function tellEnding(ending: Ending, begun: object, terminal: Terminal): ExitCode {
  if (ending.kind === 'no-result') {
    terminal.print(`${terminal.paint('red', 'Ended without an outcome')}: ${oneLine(ending.why)}`);
    terminal.document({ ...begun, failure: ending.why, exitCode: EXIT.noOutcome });
    return EXIT.noOutcome;
  }
  const { result } = ending;
  const exitCode = exitCodeOf(result.outcome);
  if (result.table !== undefined) terminal.print(severalLines(result.table));
  if (result.outcome !== 'rehearsed')
    terminal.print(
      `${terminal.paint(exitCode === EXIT.ok ? 'green' : 'red', result.outcome.toUpperCase())}: ${oneLine(result.summary)}`,
    );
  terminal.document({ ...begun, result, exitCode });
  return exitCode;
}

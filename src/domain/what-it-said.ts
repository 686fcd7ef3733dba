import { lastLine, type CommandReport } from './command.js';
import { oneLine } from './one-line.js';

type Printed = Pick<CommandReport, 'stdout' | 'stderr'>;

/** What a command that failed said of it, in one line: the errors, and the end of what it printed. */
export function whatItSaid({ stdout, stderr }: Printed): string {
  return [errorIn(stderr), errorIn(stdout)].filter(Boolean).join('; ') || 'it printed nothing';
}

/** A traceback ends in its exception, which may have lines of its own ("[SQL: …]", "(Background on this error at: …)"). Else it is the last line. */
function errorIn(text: string): string {
  const lines = text.trimEnd().split('\n');
  const traceback = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  if (traceback === -1) return oneLine(lastLine(text));
  const after = lines.slice(traceback + 1);
  const exception = after.findIndex((line) => /^\S/.test(line));
  return oneLine(exception === -1 ? lastLine(text) : after.slice(exception).join(' '));
}

const PASS = 'Go-live checklist result: PASS';
const MOST_ROWS = 5;

/** Why a checklist is no pass: its rows that failed, and its result or what kept it from one. A traceback without a result, or a dry run, is not a pass. */
export function checklistFault({ stdout, stderr }: Printed): string | undefined {
  const result = lastLine(stdout);
  if (result === PASS) return undefined;
  const lines = stdout.trimEnd().split('\n');
  const hasResult = result.startsWith('Go-live checklist result:');
  const failed = (hasResult ? lines.slice(0, -1) : lines).filter((line) => /\bFAIL(ED)?\b/.test(line));
  const more = failed.length - MOST_ROWS;
  return `no PASS: ${[
    ...failed.slice(0, MOST_ROWS).map((line) => oneLine(line, 200)),
    ...(more > 0 ? [`and ${more} more`] : []),
    hasResult ? oneLine(result, 200) : whatItSaid({ stdout, stderr }),
  ].join('; ')}`;
}

import { lastLine, type CommandReport } from './command.js';
import { oneLine } from '../text/one-line.js';

type Printed = Pick<CommandReport, 'stdout' | 'stderr'>;

/** What a command that failed said of it, in one line: the errors, and the end of what it printed. */
export function whatItSaid({ stdout, stderr }: Printed): string {
  return [errorIn(stderr), errorIn(stdout)].filter(Boolean).join('; ') || 'it printed nothing';
}

/** The same of a command whose progress on stdout is no error: of stderr, and of stdout only where that has nothing. Empty when it printed nothing. */
export const errorSaid = ({ stdout, stderr }: Printed): string => errorIn(stderr) || errorIn(stdout);

/** A traceback ends in its exception, which may have lines of its own ("[SQL: …]", "(Background on this error at: …)"). */
function errorIn(text: string): string {
  const lines = text.trimEnd().split('\n');
  const traceback = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  const after = lines.slice(traceback + 1);
  if (after.some((line) => line.includes('Exception Group Traceback')))
    return errorAmong(after.map((line) => line.replace(/^[\s|]+/, '')));
  if (traceback === -1) return errorAmong(lines);
  const exception = after.findIndex((line) => /^\S/.test(line));
  return oneLine(exception === -1 ? lastLine(text) : after.slice(exception).join(' '));
}

const LONGEST = 500;
/** Of an error with something else after it, so that both are told. */
const LONGEST_ERROR = 300;

/** The last line that looks like an error, and the last one that says something. */
function errorAmong(lines: readonly string[]): string {
  const said = lines.filter(
    (line, at) => !NOISE.some((noise) => noise.test(line)) && !GO_PLACE.test(lines[at + 1] ?? ''),
  );
  const last = said.at(-1) ?? lines.at(-1) ?? '';
  const error = said.findLast((line) => ERROR.test(line)) ?? last;
  if (error === last) return oneLine(last, LONGEST);
  return `${oneLine(error, LONGEST_ERROR)}; ${oneLine(last, LONGEST - LONGEST_ERROR)}`;
}

/** In Go's stacks it stands below each function. */
const GO_PLACE = /^\s+\S+\.go:\d+/;

/** What looks like the name of an exception, or is a word that programs put before what broke them. */
const ERROR =
  /(\w(Error|Exception|ExceptionGroup)|\bError)( \[\w+\])?:|\b(ERROR|FATAL|CRITICAL)\b|\b(error|fatal|panic): |\bpanicked at\b/;

/** What stands below an error and says nothing of it. */
const NOISE: readonly RegExp[] = [
  // Also carets, rules and braces.
  /^[^\p{L}\p{N}]*$/u,
  /^\s+at \S/,
  /^\s*\.\.\. \d+ (more|common frames omitted)\s*$/,
  /^\s+from \S+:\d+:in /,
  /^Node\.js v\d/,
  /^note: (run|Some details)\b.*\bbacktrace\b/i,
  /^goroutine \d+ \[.*\]:\s*$/,
  GO_PLACE,
  /^exit status \d+\s*$/,
  /^LINE \d+: /,
  // Between the exceptions of a group.
  /^[\s|]*\+[-+]+ \d+ -+\s*$/,
  /^npm (ERR!|error)( A complete log of this run.*|\s+\S+\.log|)\s*$/,
];

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

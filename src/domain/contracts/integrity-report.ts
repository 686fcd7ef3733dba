import { shortened } from '../text/cut-text.js';
import { z } from 'zod';
import { lastLine } from '../commands/command.js';
import { contradictionIn } from './integrity-contradiction.js';
import { oneLine } from '../text/one-line.js';
import { readJson } from '../text/read-json.js';
import type { Reading } from '../watching/reading.js';
import { fieldsOf, shownJson } from '../text/shown-json.js';
import { whatItSaid } from '../commands/what-it-said.js';

/** How a read-only command ended, with what it printed. */
export type ReadOnlyEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** It could not be run to its end: `why` says what was in the way. */
  | { readonly kind: 'failed'; readonly why: string; readonly stdout: string; readonly stderr: string };

const schema = z.looseObject({ results: z.array(z.unknown()).min(1) });

interface Result {
  readonly name: string;
  readonly failed: boolean;
  readonly details: string;
  /** Why it is neither a failure nor a pass that is known. */
  readonly odd?: string;
}

const LONGEST = 300;
const short = (text: string): string => shortened(text, LONGEST);

/**
 * What `post_go_live_integrity_check.py --strict --json` has found. Only its own word counts: a FAIL in its JSON with an exit code that agrees is
 * drift; whatever keeps it from saying something (a traceback, a deadline, a database it can't reach) is no reading, and so is a report with anything
 * in it that is neither PASS nor FAIL, or that contradicts itself.
 */
export function integrityReading(end: ReadOnlyEnd): Reading & { kind: 'good' | 'bad' | 'none' } {
  const none = (why: string) => ({
    kind: 'none' as const,
    text: short(`the integrity command gave no result: ${why}`),
  });
  const errors = end.stderr.trim() === '' ? '' : whatItSaid({ stdout: '', stderr: end.stderr });
  if (end.kind === 'failed') return none([end.why, errors || oneLine(lastLine(end.stdout))].filter(Boolean).join(': '));
  const exit = `exit ${end.exitCode}`;
  const report = resultsIn(end.stdout);
  if ('why' in report)
    return none(`${exit} without a report: ${[report.why, errors].filter(Boolean).join('; ') || 'it printed nothing'}`);
  const failed = report.results.filter((result) => result.failed);
  if (failed.length > 0 && end.exitCode === 0)
    return none(`${exit}, but ${failed.map(({ name }) => name).join(', ')} FAIL in its report`);
  // A FAIL is one, whatever else the report has.
  if (failed.length > 0)
    return {
      kind: 'bad',
      text: short(failed.map(({ name, details }) => `${name} FAIL${details ? `: ${details}` : ''}`).join('; ')),
    };
  if (report.odd !== undefined) return none(report.odd);
  if (end.exitCode !== 0) return none(`${exit}, but every result in its report is PASS`);
  return { kind: 'good', text: `${report.results.length} of ${report.results.length} PASS` };
}

/** The results of a report, and the first thing in it that keeps it from being all PASS. */
function resultsIn(stdout: string): { results: readonly Result[]; odd?: string } | { why: string } {
  if (stdout.trim() === '') return { why: '' };
  let json;
  try {
    json = readJson(stdout);
  } catch (error) {
    return { why: oneLine((error as Error).message, 120) };
  }
  const report = schema.safeParse(json);
  if (!report.success) return { why: `expected {"results":[{"name":…,"status":…}]}, got ${shownJson(json)}` };
  const results = report.data.results.map((each, index): Result => {
    const { name, status, details } = fieldsOf(each);
    const named = typeof name === 'string' && name !== '';
    const called = named ? name : `result ${index + 1}`;
    return {
      name: called,
      // One without a name, or with details that aren't text, is a failure all the same.
      failed: status === 'FAIL',
      details:
        details === undefined || details === null ? '' : typeof details === 'string' ? details : shownJson(details),
      ...(status !== 'PASS' && status !== 'FAIL'
        ? { odd: `"${called}" is ${shownJson(status)}, which is neither PASS nor FAIL` }
        : named
          ? {}
          : { odd: `${called} has no name: ${shownJson(each)}` }),
    };
  });
  const odd =
    results.find((result) => result.odd !== undefined)?.odd ??
    twice(results) ??
    contradictionIn(report.data, results.length);
  return { results, ...(odd === undefined ? {} : { odd }) };
}

/** One check told twice may stand where another one should. */
function twice(results: readonly Result[]): string | undefined {
  const seen = new Set<string>();
  for (const { name } of results) {
    if (seen.has(name)) return `duplicate name "${name}"`;
    seen.add(name);
  }
  return undefined;
}

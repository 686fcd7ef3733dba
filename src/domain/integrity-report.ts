import { shortened } from './cut-text.js';
import { z } from 'zod';
import { lastLine } from './command.js';
import type { Reading } from './reading.js';

/** How a read-only command ended, with what it printed. */
export type ReadOnlyEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** It could not be run to its end: `why` says what was in the way. */
  | { readonly kind: 'failed'; readonly why: string; readonly stdout: string; readonly stderr: string };

const schema = z.object({
  results: z.array(z.object({ name: z.string(), status: z.string(), details: z.string().nullish() })).min(1),
});

const LONGEST = 300;
const short = (text: string): string => shortened(text, LONGEST);

/**
 * What `post_go_live_integrity_check.py --strict --json` has found. Only its own word counts: a FAIL in its JSON with an exit code that agrees is
 * drift; whatever keeps it from saying something (a traceback, a deadline, a database it can't reach) is no reading.
 */
export function integrityReading(end: ReadOnlyEnd): Reading & { kind: 'good' | 'bad' | 'none' } {
  const none = (why: string) => ({ kind: 'none' as const, text: short(`the integrity command says nothing: ${why}`) });
  const said = lastLine(end.stderr) || lastLine(end.stdout);
  if (end.kind === 'failed') return none([end.why, said].filter(Boolean).join(': '));
  const exit = `exit ${end.exitCode}`;
  const report = schema.safeParse(json(end.stdout));
  if (!report.success) return none([`${exit} without a report`, said].filter(Boolean).join(': '));
  const { results } = report.data;
  const failed = results.filter(({ status }) => status === 'FAIL');
  const odd = results.find(({ status }) => status !== 'PASS' && status !== 'FAIL');
  if (failed.length > 0 && end.exitCode === 0)
    return none(`${exit}, but ${failed.map(({ name }) => name).join(', ')} FAIL in its report`);
  if (failed.length > 0)
    return {
      kind: 'bad',
      text: short(failed.map(({ name, details }) => `${name} FAIL${details ? `: ${details}` : ''}`).join('; ')),
    };
  if (odd) return none(`"${odd.name}" is ${odd.status}, which is neither PASS nor FAIL`);
  if (end.exitCode !== 0) return none(`${exit}, but every result in its report is PASS`);
  return { kind: 'good', text: `${results.length} of ${results.length} PASS` };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no report: the caller tells
  }
}

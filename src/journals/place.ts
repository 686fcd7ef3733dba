import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Which run something is evidence of. */
export interface OfRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** The folder of one run's evidence. Workflow IDs come from outside: each is one name of a folder, whatever is in it. */
export function placeOf(folder: string, { workflowId, runId }: OfRun): string {
  return join(folder, asName(workflowId), asName(runId));
}

/** A name gets no longer than this, and what tells it from others. */
const MOST = 200;

/**
 * As a folder's name: `%` and two hex digits for each byte that isn't a letter, a digit, `-`, `_` or a `.` inside. What would be cut, or what a disk that
 * knows no capitals would take for another, ends with `~` and a digest of all of it.
 */
export function asName(text: string): string {
  const name = encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\.*$/, (dots) => '%2E'.repeat(dots.length) || '%');
  if (name.length <= MOST && !/[A-Z]/.test(text)) return name;
  return `${name.slice(0, MOST)}~${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

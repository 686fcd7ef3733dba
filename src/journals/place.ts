import { join } from 'node:path';
import type { OfRun } from './evidence.js';

/** The folder of one run's evidence. Workflow IDs come from outside: each is one name of a folder, whatever is in it. */
export function placeOf(folder: string, { workflowId, runId }: OfRun): string {
  return join(folder, asName(workflowId), asName(runId));
}

/** As a folder's name: `%` and two hex digits for each byte that isn't a letter, a digit, `-`, `_` or a `.` inside. */
export const asName = (text: string): string =>
  encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length))
    .slice(0, 200);

import { z } from 'zod';
import { readJson } from '../text/read-json.js';
import { CLOCKS_APART_MS, readTimestamp } from '../time/timestamp.js';

const schema = z.looseObject({ timestamp: z.string().optional() });

/**
 * When a backup was made by the word of its manifest, as epoch milliseconds; undefined for one that has no `timestamp`. Throws a SyntaxError for what
 * is no manifest, and for a time that can't be: what a restore would lose is counted from it.
 */
export function manifestTime(text: string, now: number): number | undefined {
  const manifest = schema.safeParse(readJson(text));
  if (!manifest.success)
    throw new SyntaxError('not a backup manifest: expected a JSON object, with text for its timestamp if it has one');
  const { timestamp } = manifest.data;
  if (timestamp === undefined) return undefined;
  const at = readTimestamp(timestamp);
  const shown = JSON.stringify(timestamp.slice(0, 40));
  if (at === undefined)
    throw new SyntaxError(`its timestamp ${shown} can't be read: expected 20261123T083910Z, or ISO 8601 with its zone`);
  if (at > now + CLOCKS_APART_MS) throw new SyntaxError(`its timestamp ${shown} lies in the future`);
  return at;
}

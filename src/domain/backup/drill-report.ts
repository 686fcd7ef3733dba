import { z } from 'zod';
import { oneLine } from '../text/one-line.js';
import { readJson } from '../text/read-json.js';
import { readTimestamp } from '../time/timestamp.js';

/** What a restore drill leaves behind: `backup_restore_verify.py` exits 0 always, so its report decides (design §5). */
export interface DrillReport {
  /** PASS, or what stands there instead. */
  readonly status: string;
  /** Of which backup, when it says so. */
  readonly manifest?: string;
  /** Epoch milliseconds: when the drill was, by the report itself. Undefined when that can't be read. */
  readonly at?: number;
}

const schema = z.looseObject({ status: z.unknown(), restore_db_path: z.unknown().optional(), timestamp: z.unknown() });

/**
 * Reads a JSON text as a drill report; undefined when it is something else. What has the three keys is a drill's, whatever is in them; one that
 * failed may have no database to name. Throws a SyntaxError when it isn't JSON.
 */
export function readDrillReport(text: string): DrillReport | undefined {
  const { success, data } = schema.safeParse(readJson(text.replace(/^\ufeff/, '')));
  if (!success || !['status', 'timestamp'].every((key) => Object.hasOwn(data, key))) return undefined;
  if (!Object.hasOwn(data, 'restore_db_path') && data.status !== 'FAIL') return undefined;
  const { status, timestamp, manifest_path: manifest } = data;
  const at = typeof timestamp === 'string' ? readTimestamp(timestamp) : undefined;
  return {
    status: wordOf(status),
    ...(at === undefined ? {} : { at }),
    ...(manifest === undefined || manifest === null ? {} : { manifest: wordOf(manifest) }),
  };
}

/** Whether a text that is no JSON may be what a drill has written: half of it, in another encoding, or with a `NaN` in it. */
export const looksLikeDrillReport = (text: string): boolean =>
  text.includes('restore_db_path') || isOtherEncoding(text);

/** As UTF-8, UTF-16 has a NUL at every letter. */
export const isOtherEncoding = (text: string): boolean => text.includes('\0');

/** A word as it is; anything else so that it can't be taken for one. */
const wordOf = (value: unknown): string => (typeof value === 'string' ? value : oneLine(`no text: ${typeof value}`));

import { z } from 'zod';

/** What a restore drill leaves behind: `backup_restore_verify.py` exits 0 always, so its report decides (design §5). */
export interface DrillReport {
  readonly status: string;
  /** Of which backup, when it says so. */
  readonly manifest?: string;
  /** Epoch milliseconds: when the drill was, by the report itself. */
  readonly at: number;
}

const schema = z.object({
  status: z.string(),
  restore_db_path: z.string(),
  timestamp: z.string(),
  manifest_path: z.string().optional(),
});

/** Reads a JSON text as a drill report; undefined when it is something else. Throws a SyntaxError when it isn't JSON. */
export function readDrillReport(text: string): DrillReport | undefined {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const at = readTimestamp(parsed.data.timestamp);
  const { status, manifest_path: manifest } = parsed.data;
  return at === undefined ? undefined : { status, at, ...(manifest === undefined ? {} : { manifest }) };
}

/** `20261123T083910Z`, or any form that dates are written in, as epoch milliseconds; undefined for anything else. */
export function readTimestamp(text: string): number | undefined {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year, month, day, hour, minute, second] = compact ?? [];
  const at = Date.parse(compact ? `${year}-${month}-${day}T${hour}:${minute}:${second}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}

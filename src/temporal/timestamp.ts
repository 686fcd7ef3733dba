import type { google } from '@temporalio/proto';

type Timestamp = google.protobuf.ITimestamp | null | undefined;

/** A protobuf timestamp in epoch milliseconds; undefined for one that isn't there, or is zero. */
export function milliseconds(timestamp: Timestamp): number | undefined {
  const seconds = Number(timestamp?.seconds ?? 0);
  return seconds === 0 ? undefined : seconds * 1_000 + (timestamp?.nanos ?? 0) / 1e6;
}

/** The same as ISO text. */
export function iso(timestamp: Timestamp): string | undefined {
  const at = milliseconds(timestamp);
  return at === undefined ? undefined : new Date(Math.floor(at)).toISOString();
}

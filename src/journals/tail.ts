import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenRecord } from '../domain/evidence/record.js';
import { namesIn } from '../durable-file.js';
import { JOURNAL } from './journal-files.js';
import { readJournal } from './read-journals.js';

/** Ten minutes of looks at nine checks each second. */
const TAIL_BYTES = 1 << 20;

/** What the worker of this host has seen last of a run, from the end of its newest journal; none where there is no journal. Throws what the system says. */
export async function lastSeen(folder: string): Promise<SeenRecord[]> {
  const newest = (await namesIn(folder)).findLast((name) => name.startsWith('seen-') && name.endsWith(JOURNAL));
  if (newest === undefined) return [];
  const file = await open(join(folder, newest), 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    // The first line is cut off.
    const whole = bytes.subarray(from === 0 ? 0 : bytes.indexOf('\n') + 1, bytesRead);
    const { records } = readJournal(newest, whole);
    return records.filter((each): each is SeenRecord => !('n' in each) && each.kind !== 'lost');
  } finally {
    await file.close();
  }
}

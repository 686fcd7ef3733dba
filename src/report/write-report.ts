import { open } from 'node:fs/promises';
import { replaceWhole, systemErrorCode } from '../durable-file.js';
import { MARKDOWN_MARK } from './markdown.js';
import { GENERATOR } from './page.js';

const MARKS = [MARKDOWN_MARK, `name="generator" content="${GENERATOR}"`];

/** Writes a report to a file, in the place of an earlier report alone. Returns false, and leaves the file, when it is something else. */
export async function writeReport(path: string, text: string): Promise<boolean> {
  const before = await beginningOf(path);
  if (before !== undefined && !MARKS.some((mark) => before.includes(mark))) return false;
  await replaceWhole(path, text);
  return true;
}

async function beginningOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

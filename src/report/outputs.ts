import type { Report } from '../domain/evidence/report/report.js';
import { openOwn } from '../journals/own-file.js';
import type { Outputs } from './tables.js';

/** So much of the end of each output is in a report, in bytes. */
const MOST_BYTES = 8 << 10;
/** Names come from records that anyone may have written: nothing outside of the folder is read. */
const FILE = /^commands\/[\w%.-]+$/;

/** The ends of what the commands have printed, from the folders of the go-live's runs. What isn't there, or can't be read, is left out. */
export async function outputsOf({ commands }: Pick<Report, 'commands'>, folders: readonly string[]): Promise<Outputs> {
  const outputs = new Map<string, string>();
  for (const { file } of commands.flatMap((each) => each.output)) {
    if (!FILE.test(file) || file.includes('..')) continue;
    for (const folder of folders) {
      const text = await endOf(folder, file);
      if (text !== undefined) outputs.set(file, text);
    }
  }
  return outputs;
}

async function endOf(folder: string, name: string): Promise<string | undefined> {
  const file = await openOwn(folder, name).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - MOST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return from > 0 ? `… ${from} bytes before this\n${text.slice(text.indexOf('\n') + 1)}` : text;
  } finally {
    await file.close();
  }
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { namesIn, systemErrorCode } from '../durable-file.js';
import { readOwn } from './own-file.js';
import type { RunEvidence } from './read-evidence.js';
import type { Remark } from './remark.js';

/** What the commands of a run have printed, held against what is on record of it. */
export async function outputsOf({ seen, folders }: RunEvidence): Promise<{ count: number; remarks: Remark[] }> {
  const outputs = seen.flatMap((each) =>
    each.kind === 'command' ? each.output.map((output) => ({ ...output, at: each.at })) : [],
  );
  const remarks = await Promise.all(
    outputs.map(async ({ file, sha256, at }): Promise<Remark[]> => {
      // A name from a record leads out of no folder.
      if (!/^commands\/[^/\\]+$/.test(file))
        return [{ kind: 'changed', at, text: `${file} is no output of a command` }];
      const found = await Promise.all(folders.map((folder) => digestOf(folder, file)));
      if (found.includes(sha256)) return [];
      return found.every((each) => each === undefined)
        ? [{ kind: 'missing', at, text: `${file} is missing: a command has printed it` }]
        : [{ kind: 'changed', at, text: `${file} is not what the command had printed` }];
    }),
  );
  const named = new Set(outputs.map(({ file }) => file));
  const there = (await Promise.all(folders.map((folder) => namesIn(join(folder, 'commands')).catch(() => [])))).flat();
  // One that is printed now, or whose worker died before it was told, is on record nowhere either.
  const strays = [...new Set(there.map((name) => `commands/${name}`))].filter((file) => !named.has(file));
  const told = strays.map((file): Remark => ({
    kind: 'unknown',
    text: `${file} is the output of no command on record`,
  }));
  return { count: outputs.length, remarks: [...remarks.flat(), ...told] };
}

/** SHA-256 of a file, in hex; what is wrong with one that can't be read, and nothing where there is none. */
async function digestOf(folder: string, file: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readOwn(folder, file))
      .digest('hex');
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '') ? undefined : (error as Error).message;
  }
}

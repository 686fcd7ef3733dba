import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

const KEPT =
  /^(?:export )?(?:let|var) |^(?:export )?const .*= new (?:Map|WeakMap|Array|Set\(\))|^(?:export )?const \w+(?:: [^=]*)? = (?:\[\]|\{\});/;
const FROZEN =
  /^export const \w+ = (?:\/.*\/[a-z]*[gy]|new RegExp)|^export const \w+ = (?:z\b|\w+\.(?:optional|min|max|refine|transform)\()|\.regex\((?!\/|new RegExp\()|\.regex\($/;

/** The lines of what workflows use that are like this. */
async function linesLike(wrong: RegExp, but?: RegExp): Promise<string[]> {
  const names = await Promise.all(
    ['workflows', 'domain'].map(async (folder) =>
      (await readdir(path.join(source, folder), { recursive: true })).map((file) => path.join(folder, file)),
    ),
  );
  const files = names.flat().filter((file) => file.endsWith('.ts') && !but?.test(file));
  expect(files.length).toBeGreaterThan(100);
  const lines = await Promise.all(
    files.map(async (file) =>
      (await readFile(path.join(source, file), 'utf8'))
        .replace(/\.regex\(\s+/g, '.regex(')
        .split('\n')
        .filter((line) => wrong.test(line))
        .map((line) => `${file}: ${line}`),
    ),
  );
  return lines.flat();
}

// A worker loads them once for all its runs (src/build-workflow-bundle.ts): what one run left in a module, the next one would find.
test('no module that workflows use keeps anything', async () => {
  expect(await linesLike(KEPT)).toEqual([]);
});

// And what they export is frozen: a schema compiles itself when it is first used, and sets the lastIndex of its patterns. The playbook file is read outside of workflows.
test('no schema that workflows use is exported, nor the pattern of one', async () => {
  expect(await linesLike(FROZEN, /^domain\/(?:plan\/playbook|metrics|evidence)/)).toEqual([]);
});

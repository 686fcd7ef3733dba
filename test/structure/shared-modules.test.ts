import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

// A worker loads them once for all its runs (src/build-workflow-bundle.ts): what one run left in a module, the next one would find.
test('no module that workflows use keeps anything', async () => {
  const files = (
    await Promise.all(
      ['workflows', 'domain'].map(async (folder) =>
        (await readdir(path.join(source, folder), { recursive: true })).map((file) => path.join(folder, file)),
      ),
    )
  )
    .flat()
    .filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(100);
  const kept = await Promise.all(
    files.map(async (file) =>
      (await readFile(path.join(source, file), 'utf8'))
        .split('\n')
        .filter((line) =>
          /^(?:export )?(?:let|var) |^(?:export )?const .*= new (?:Map|WeakMap|Array|Set\(\))|^(?:export )?const \w+(?:: [^=]*)? = (?:\[\]|\{\});/.test(
            line,
          ),
        )
        .map((line) => `${file}: ${line}`),
    ),
  );
  expect(kept.flat()).toEqual([]);
});

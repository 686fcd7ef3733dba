// Deletes what the compiler wrote for a source that is gone: no test runs that was deleted, and nothing ships that is no more.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = path.join(root, 'dist');

for (const entry of existsSync(dist) ? readdirSync(dist, { recursive: true, withFileTypes: true }) : []) {
  const compiled = /^(.*\.[cm]?)js(\.map)?$/.exec(entry.name);
  if (!entry.isFile() || !compiled || entry.name.startsWith('workflow-bundle.code.')) continue;
  const source = path.join(root, path.relative(dist, entry.parentPath), compiled[1]);
  if (!existsSync(`${source}ts`) && !existsSync(`${source}js`)) rmSync(path.join(entry.parentPath, entry.name));
}

import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIdOf } from '../../src/build-id.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VERSION = '99.0.0';
/** The bundle ends with its source map, which is no part of the code. */
const BEFORE_THE_MAP = /(?=\n\/\/# sourceMappingURL=data:[^\n]*\s*$)/;

/** Another build of this golive in a folder of its own, as a newer version would be installed beside it. */
export interface OtherBuild {
  readonly buildId: string;
  /** What a worker of it is started from. */
  readonly workerEntry: string;
}

/** Installs golive in `folder` as another version whose workflow code differs by a comment. */
export async function installOtherBuild(folder: string): Promise<OtherBuild> {
  await mkdir(folder);
  for (const part of ['dist/src', 'dist/sandbox']) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: VERSION }));
  const file = join(folder, 'dist/src/workflow-bundle.code.js');
  const bundle = (await readFile(file, 'utf8')).replace(BEFORE_THE_MAP, '\n// another build');
  await writeFile(file, bundle);
  return { buildId: buildIdOf(VERSION, bundle), workerEntry: join(folder, 'dist/sandbox/demo/worker-entry.js') };
}

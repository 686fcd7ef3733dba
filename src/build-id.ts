import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { version } from './version.js';
import { workflowBundlePath } from './workflow-bundle.js';

const DIGITS = 12;
/** The bundle ends with its source map, which names the folder that it was built in. */
const SOURCE_MAP = '//# sourceMappingURL=data:';

/**
 * The build ID of a worker: the package's version and the first 12 hex digits of the SHA-256 of its workflow code, such as `0.1.0+3f2a91c07be4`. Built from
 * the same sources it is the same in every folder and on every host.
 */
export function buildIdOf(packageVersion: string, bundle: string): string {
  const map = bundle.lastIndexOf(SOURCE_MAP);
  const code = map < 0 ? bundle : bundle.slice(0, map);
  return `${packageVersion}+${createHash('sha256').update(code).digest('hex').slice(0, DIGITS)}`;
}

/** The build ID of this golive. Rejects when its workflow bundle isn't there: `npm run build` makes it. */
export async function ownBuildId(): Promise<string> {
  return buildIdOf(version(), await readFile(workflowBundlePath, 'utf8'));
}

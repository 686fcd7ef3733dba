import { relative } from 'node:path';
import type { AgentOptions } from './agent/options.js';
import type { SandboxInfo } from './sandbox-info.js';

/** Where `ctl.js` looks by itself. */
const USUAL_DIR = '.golive/sandbox';

/** What has been started, where it is, and what to type next; for who started it by hand. */
export function upWords(
  { url, canaryUrl, discoveryUrl, checkout, log, journal, dir }: SandboxInfo,
  { instances, release, traffic }: Pick<AgentOptions, 'instances' | 'release' | 'traffic'>,
): string {
  const where = relative(process.cwd(), dir) === USUAL_DIR ? '' : ` --dir ${dir}`;
  const env = `eval "$(node dist/sandbox/ctl.js${where} env)"`;
  return `The sandbox is up: ${instances} instances of release ${release} behind a balancer${traffic > 0 ? `, with ${traffic} requests a second` : ', without traffic'}. Ctrl-C ends all of it.
  service    ${url} (the balancer)
  canary     ${canaryUrl} (only the release that was deployed last; 503 before the first deploy)
  metrics    /aris3/ops/metrics of each instance; ${discoveryUrl} lists them
  checkout   ${checkout} (deploy.sh, the scripts, the tests)
  logs       ${log} (the fleet), ${journal} (each deploy)
In a second terminal, in the same folder:
  ${env}
  npx golive up
In a third:
  node dist/sandbox/ctl.js${where} offer RC.3        # the release of the next deploy; --bad slow=900 makes it bad
  ${env} && npx golive doctor sandbox
  npx golive start sandbox --release RC.3 --previous ${release} --owner "Ana" --watch
`;
}

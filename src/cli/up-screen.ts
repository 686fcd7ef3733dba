import type { Home } from '../home.js';
import type { DevServer } from '../temporal/dev-server.js';
import { neededVariables, plansOf } from './plan.js';
import type { Paint } from './paint.js';
import { severalLines } from './terminal-text.js';

/** What can be said of the playbook file now. It is read anew at each start of a go-live, so faults are no reason not to come up. */
export interface PlaybookState {
  readonly environments: readonly string[];
  readonly missingVariables: readonly string[];
  readonly faults?: string;
}

export async function playbookState(file: string): Promise<PlaybookState> {
  try {
    const plans = await plansOf(file);
    return { environments: plans.map(({ plan }) => plan.environment.name), missingVariables: [...new Set(plans.flatMap(({ plan }) => neededVariables(plan)))] };
  } catch (error) {
    return { environments: [], missingVariables: [], faults: (error as Error).message };
  }
}

export interface Up {
  readonly server: Pick<DevServer, 'address' | 'namespace' | 'uiUrl' | 'logFile' | 'cli'>;
  readonly home: Home;
  readonly playbookFile: string;
  readonly playbook: PlaybookState;
}

/** Where everything is, and what to type next. */
export function upScreen({ server, home, playbookFile, playbook }: Up, paint: Paint): string {
  const environment = playbook.environments[0] ?? 'ENVIRONMENT';
  const typed = home.folder === `${process.cwd()}/.golive` || process.env['GOLIVE_HOME'] ? '' : ` --home ${home.folder}`;
  return [
    `${paint('bold', 'golive is up.')} Ctrl-C stops it; the next "golive up" goes on where it was.`,
    `  Temporal   ${server.address}, namespace ${server.namespace}`,
    ...(server.uiUrl === undefined ? [] : [`  UI         ${server.uiUrl}`]),
    `  CLI        ${server.cli}`,
    `  playbook   ${playbookFile}${playbook.environments.length === 0 ? '' : `, environments: ${playbook.environments.join(', ')}`}`,
    `  logs       ${home.log} (worker), ${server.logFile} (server)`,
    ...(playbook.faults === undefined ? [] : [paint('yellow', 'The playbook file has faults; a go-live started now would be rejected:'), ...severalLines(playbook.faults).split('\n').map((line) => `  ${line}`)]),
    ...(playbook.missingVariables.length === 0 ? [] : [paint('yellow', `This worker lacks environment variables of the playbook file: ${playbook.missingVariables.join(', ')}`)]),
    'From another terminal:',
    `  golive start ${environment}${typed} --release RC.3 --previous RC.2 --owner "Ana"`,
    `  golive status ${environment}${typed} --watch`,
    `  golive abort ${environment}${typed} --reason "…" --by "Ana"`,
    '',
  ].join('\n');
}

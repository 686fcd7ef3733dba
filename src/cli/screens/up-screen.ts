import { metricsUrl, type MetricsAddress } from '../../exporter/exporter-options.js';
import type { Home } from '../../home.js';
import type { DevServer } from '../../temporal/dev-server.js';
import type { Paint } from '../terminal/paint.js';
import { lacksVariables, playbookState, type PlaybookState } from '../options/playbook-state.js';
import type { ListedRun } from '../run/list-runs.js';
import { listScreen } from './list-screen.js';
import { severalLines } from '../terminal/terminal-text.js';

/** The playbook file is read anew at each start of a go-live, so its faults are no reason not to come up. */
export interface ToleratedPlaybook extends PlaybookState {
  readonly faults?: string;
}

export async function toleratedPlaybook(file: string): Promise<ToleratedPlaybook> {
  try {
    return await playbookState(file);
  } catch (error) {
    return { environments: [], missingVariables: [], faults: (error as Error).message };
  }
}

export interface Up {
  readonly server: Pick<DevServer, 'address' | 'namespace' | 'uiUrl' | 'logFile' | 'cli'>;
  readonly home: Home;
  readonly metrics?: MetricsAddress | undefined;
  /** Where the reports are served. */
  readonly page?: string;
  readonly playbookFile: string;
  readonly playbook: ToleratedPlaybook;
  /** The go-lives that are open on this server. */
  readonly open: readonly ListedRun[];
}

/** Where everything is, and what to type next. */
export function upScreen({ server, home, metrics, page, playbookFile, playbook, open }: Up, paint: Paint): string {
  const [first] = open;
  const environment = first?.environment ?? playbook.environments[0];
  const rehearsal = first?.dryRun ? ' --dry-run' : '';
  return [
    `${paint('bold', 'golive is up.')} Ctrl-C stops it; the next "golive up" goes on where it was.`,
    `  Temporal   ${server.address}, namespace ${server.namespace}`,
    ...(server.uiUrl === undefined ? [] : [`  UI         ${server.uiUrl}`]),
    ...(metrics ? [`  metrics    ${metricsUrl(metrics)}`] : []),
    ...(page === undefined ? [] : [`  reports    ${page}`]),
    `  CLI        ${server.cli}`,
    `  playbook   ${playbookFile}${playbook.environments.length === 0 ? '' : `, environments: ${playbook.environments.join(', ')}`}`,
    `  logs       ${home.log} (worker), ${server.logFile} (server)`,
    ...(playbook.faults === undefined
      ? []
      : [
          paint('yellow', 'The playbook file has faults; a go-live started now would be rejected:'),
          ...severalLines(playbook.faults)
            .split('\n')
            .map((line) => `  ${line}`),
        ]),
    ...(playbook.missingVariables.length === 0 ? [] : [paint('yellow', lacksVariables(playbook.missingVariables))]),
    ...(first
      ? [
          paint('bold', 'What was open goes on:'),
          ...listScreen(open, Date.now(), paint)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
    ...(environment === undefined
      ? []
      : [
          'From another terminal:',
          ...(first ? [] : [`  golive start ${environment} --help`]),
          `  golive watch ${environment}${rehearsal}`,
          `  golive abort ${environment}${rehearsal}`,
        ]),
    '',
  ].join('\n');
}

import { relative } from 'node:path';
import type { SceneReport } from './scenes.js';
import type { StageSet } from './stage-set.js';

/** The scenes at a glance: what came out, how large the history became, how often deploy.sh really ran. */
export function summaryTable(reports: readonly SceneReport[]): string {
  const rows = [
    ['SCENE', 'RELEASE', 'OUTCOME', 'EVENTS', 'DEPLOY.SH RAN (its journal)'],
    ...reports.map(({ title, release, result, events, deploys }) => [
      title,
      release,
      result.outcome,
      String(events),
      runs(deploys),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** "3 times: canary 10, rolling 25, rolling 100" */
function runs(deploys: readonly string[]): string {
  const each = deploys.map((line) =>
    line
      .replace(/^--env prod /, '')
      .replace('--strategy ', '')
      .replace('--batch ', '')
      .replace('--rollback --to', 'back to'),
  );
  return `${deploys.length} times: ${each.join(', ')}${new Set(deploys).size === deploys.length ? ', each once' : ''}`;
}

/** Where the evidence is. */
export function whereToLook({ home, sandbox }: StageSet): string {
  const at = (path: string) => relative(process.cwd(), path) || '.';
  return [
    `Worker's log    ${at(home.log)}`,
    `Announcements   ${at(home.announcements)}`,
    `Command ledger  ${at(home.ledger)}  (what ran, when, what it printed)`,
    `deploy.sh       ${at(sandbox.info.journal)}  (its own journal)`,
  ].join('\n');
}

/** What a person can do while everything still runs. RC.6 has been offered to the fleet already. */
export function tryIt({ home, server, sandbox }: StageSet): string {
  const golive = 'node dist/src/cli/main.js';
  const where = `--home ${relative(process.cwd(), home.folder)}`;
  const confirmed = ['restoreDrill', 'stagingParity', 'openIncidents', 'frozenRules']
    .map((item) => `--attest ${item}=seen`)
    .join(' ');
  return [
    'Everything still runs. Try an abort by hand, in another terminal here:',
    `  ${golive} start sandbox ${where} --release RC.6 --previous RC.5 --owner "$USER" ${confirmed}`,
    `  ${golive} abort sandbox ${where} --reason "trying it" --by "$USER"`,
    `  ${golive} watch sandbox ${where}`,
    `or from the Temporal UI: ${server.uiUrl ?? '(started without it)'} -> go-live-sandbox -> Send a Signal: abort`,
    `The fleet is behind ${sandbox.info.url}; make it bad with: node dist/sandbox/ctl.js --dir ${relative(process.cwd(), sandbox.info.dir)} --help`,
  ].join('\n');
}

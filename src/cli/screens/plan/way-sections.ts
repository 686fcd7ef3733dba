import type { Plan } from '../../../domain/plan/plan.js';
import type { Confirmation, Stage } from '../../../domain/plan/playbook.js';
import { masked } from '../../../domain/plan/masked.js';
import { formatDuration } from '../../../domain/time/duration.js';
import { commandTexts, variableTexts } from './command-rows.js';
import type { PlanSection, Row } from './plan-rows.js';

/** The way of a go-live and the way back, in the order of the playbook (§1 to §3, §5). */
export const waySections = (plan: Plan): PlanSection[] => [
  { title: 'Environment', rows: environmentRows(plan) },
  { title: '1 Preflight', rows: preflightRows(plan) },
  { title: '2 Deploy', rows: plan.stages.map(stageRow) },
  { title: '3 Verify', rows: verifyRows(plan) },
];

function environmentRows({ environment, inherit, secrets, stopGrace }: Plan): Row[] {
  return [
    ['url', environment.url],
    ['directory', environment.workingDirectory],
    ['commands get', ...variableTexts(environment.environment), `of the worker: ${inherit.join(', ') || 'nothing'}`],
    ['secrets', `never shown: the values of ${secrets.join(', ') || 'no variable'}`],
    ['stopped', `with TERM, and ${formatDuration(stopGrace)} later with KILL`],
  ];
}

function preflightRows({ preflight }: Plan): Row[] {
  const { branch, cleanTree, checklist, backup, restoreDrill, stagingParity, openIncidents, frozenRules, rehearsal } =
    preflight;
  const { reports, maxAge = 0, attest } = restoreDrill;
  return [
    ['branch', ...commandTexts(branch), `expects ${branch.expect}`],
    ['clean tree', ...commandTexts(cleanTree)],
    ['checklist', ...commandTexts(checklist)],
    ['  rehearsed', ...commandTexts({ run: checklist.dryRun, deadline: checklist.deadline })],
    ['backup', ...commandTexts(backup.create)],
    ['manifest', ...commandTexts(backup.validate), `inside ${backup.artifacts}`],
    [
      'restore drill',
      reports === undefined ? `asks: ${attest}` : `a PASS report in ${reports}, at most ${formatDuration(maxAge)} old`,
    ],
    ['staging parity', ...confirmationTexts(stagingParity)],
    ['incidents', ...confirmationTexts(openIncidents)],
    ['frozen rules', ...confirmationTexts(frozenRules)],
    ['rehearsal', rehearsal ? 'a finished dry run of this very plan' : 'not needed'],
  ];
}

function confirmationTexts({ run, url, attest, deadline }: Confirmation): string[] {
  if (run) return commandTexts({ run, deadline });
  return [url === undefined ? `asks: ${attest}` : `GET ${url} answers 200 within ${formatDuration(deadline)}`];
}

function stageRow(stage: Stage): Row {
  const { name, gate, targets, soak, answersWithin } = stage;
  return [
    name,
    ...(gate === undefined ? [] : [`first asks at its gate: ${gate}`]),
    ...commandTexts(stage),
    `its release answers within ${formatDuration(answersWithin)}`,
    ...targets.map(
      (target) =>
        `watches ${target.name}: ${target.url}${target.selector === undefined ? '' : `, metrics with ${target.selector}`}`,
    ),
    ...(soak
      ? [
          `soaks ${formatDuration(soak.min)} to ${formatDuration(soak.max)}, the last ${formatDuration(soak.settle)} clean`,
        ]
      : []),
  ];
}

function verifyRows({ liveVersion, verify: { smoke, contracts, integrity } }: Plan): Row[] {
  const { login, get } = contracts;
  return [
    [
      'live version',
      `GET ${liveVersion.path}, the field ${liveVersion.field}, on ${liveVersion.samples} fresh connections`,
    ],
    ['smoke', ...commandTexts(smoke)],
    ...Object.entries(smoke.areas ?? {}).map(([area, patterns]): Row => [
      '',
      `covers ${area} with ${patterns.join(', ')}`,
    ]),
    ['contracts', `login at ${login.path} as ${login.username} with ${masked(login.password)}`],
    ...get.map(({ path, has, stock }): Row => [
      '',
      `GET ${path}${has.length > 0 ? ` has ${has.join(', ')}` : ''}${stock ? '; its rows and totals are stock' : ''}`,
    ]),
    ...(integrity ? [['integrity', ...commandTexts(integrity)] as const] : []),
  ];
}

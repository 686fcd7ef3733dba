import { placeholdersIn } from './placeholders.js';
import { guess } from '../text/did-you-mean.js';
import { plainGit } from '../commands/plain-git.js';
import type { Command, Playbook, Stage } from './playbook.js';

/** The playbook file for one environment, validated: what a run is frozen to at its start. `${VAR}` is still unresolved in it. */
export type Plan = Omit<Playbook, 'environments'> & {
  readonly environment: Playbook['environments'][string] & { readonly name: string };
};

/** Narrows a playbook to one environment. Throws a sentence with the known environments when it isn't there. */
export function planFor(playbook: Playbook, environment: string): Plan {
  const { environments, ...rest } = playbook;
  const found = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (!found)
    throw new Error(
      `There is no environment "${environment}" in the playbook file. ${environmentsThere(environment, Object.keys(environments))}`,
    );
  return { ...rest, environment: { ...found, name: environment } };
}

/** `It has: sandbox, prod. Did you mean "prod"?`, of a playbook file without that environment. */
export const environmentsThere = (environment: string, known: readonly string[]): string =>
  `It has: ${known.join(', ')}.${guess(environment, known)}`;

/** One text for one plan, whatever order its keys came in: what the plan's hash is taken over. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** A command of the plan with its name. `readOnly` ones may simply be run again. */
export interface Step {
  readonly name: string;
  /** What an operator reads in the rehearsal and in status. */
  readonly title: string;
  readonly command: Command;
  readonly readOnly: boolean;
}

export const deployStep = (stage: Pick<Stage, 'name'>) => `deploy-${stage.name}`;

/** Every command this plan can run, in the order of the playbook. A worker runs nothing else. */
export function stepsOf(plan: Plan): Step[] {
  const { preflight, verify, rollback } = plan;
  const { restore } = rollback;
  const around = plan.environment.environment;
  const confirmations = [
    ['staging-parity', 'staging parity', preflight.stagingParity],
    ['open-incidents', 'no open blocker incidents', preflight.openIncidents],
    ['frozen-rules', 'frozen rules no probe can see', preflight.frozenRules],
  ] as const;
  return [
    { name: 'branch', title: 'working branch', command: plainGit(preflight.branch, around), readOnly: true },
    { name: 'clean-tree', title: 'clean working tree', command: plainGit(preflight.cleanTree, around), readOnly: true },
    { name: 'checklist', title: 'consolidated preflight', command: preflight.checklist, readOnly: false },
    {
      name: 'checklist-dry-run',
      title: 'consolidated preflight, rehearsed',
      command: { ...preflight.checklist, run: preflight.checklist.dryRun },
      readOnly: true,
    },
    { name: 'backup-create', title: 'backup', command: preflight.backup.create, readOnly: false },
    { name: 'backup-validate', title: 'backup manifest', command: preflight.backup.validate, readOnly: true },
    ...confirmations.flatMap(([name, title, { run, deadline }]) =>
      run ? [{ name, title, command: { run, deadline, environment: {} }, readOnly: true }] : [],
    ),
    ...plan.stages.map((stage) => ({
      name: deployStep(stage),
      title: `deploy ${stage.name}`,
      command: stage,
      readOnly: false,
    })),
    { name: 'smoke', title: 'critical smoke', command: verify.smoke, readOnly: true },
    { name: 'rollback', title: 'rollback', command: rollback, readOnly: false },
    { name: 'rollback-smoke', title: 'critical smoke after the rollback', command: rollback.smoke, readOnly: true },
    ...(restore
      ? [{ name: 'restore-drill', title: 'restore drill of the backup', command: restore.drill, readOnly: false }]
      : []),
    ...(restore?.restore
      ? [{ name: 'restore', title: 'data restore', command: restore.restore, readOnly: false }]
      : []),
  ];
}

/** The steps that a go-live may come to by itself: no rehearsal, and no restore, which people have to approve first. */
export function stepsOfGoLive(plan: Plan): string[] {
  return stepsOf(plan)
    .map(({ name }) => name)
    .filter((name) => !['checklist-dry-run', 'restore-drill', 'restore'].includes(name));
}

/** Whether a command writes a report that is read afterwards: `{report}` in its environment. */
export const wantsReport = ({ environment }: Pick<Command, 'environment'>): boolean =>
  Object.values(environment).some((value) => placeholdersIn(value).includes('report'));

export function stepNamed(plan: Plan, name: string): Step {
  const step = stepsOf(plan).find((each) => each.name === name);
  if (!step)
    throw new Error(
      `The plan has no step "${name}". It has: ${stepsOf(plan)
        .map((each) => each.name)
        .join(', ')}.`,
    );
  return step;
}

import { fillArguments, fill, type Values } from '../../domain/plan/placeholders.js';
import { deployStep, stepNamed, type Plan } from '../../domain/plan/plan.js';
import { formatDuration } from '../../domain/time/duration.js';
import type { Confirmation } from '../../domain/plan/playbook.js';
import { shownArguments, type RehearsedStep } from '../../domain/run/rehearsal.js';
import { checkText } from '../../domain/watching/rule-text.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { redactText } from '../../ledger/redaction.js';
import { resolve, secretValues, type Environment } from '../../plans/variables.js';
import type { Dependencies } from '../dependencies.js';
import { retryably } from '../patience.js';
import { targetUrl } from '../watching/targets.js';

export interface RehearsalActivities {
  /** What the go-live would do, step by step, with every argument as this worker would resolve it. Executes nothing. */
  readonly describeSteps: (input: { planHash: string; values: Values }) => Promise<RehearsedStep[]>;
}

export function rehearsalActivities({ plans, environment }: Dependencies): RehearsalActivities {
  return {
    async describeSteps({ planHash, values }) {
      const plan = await retryably(() => plans.load(planHash));
      return retryably(() =>
        hideSecrets(describe(plan, { manifest: '<manifest_path>', ...values }, environment), plan, environment),
      );
    },
  };
}

function describe(plan: Plan, values: Values, environment: Environment): RehearsedStep[] {
  const base = targetUrl(plan, SERVICE, environment);
  const run = (name: string, step = name): RehearsedStep => ({
    name,
    action: shownArguments(
      fillArguments(stepNamed(plan, step).command.run, values).map((argument) => resolve(argument, environment)),
    ),
  });
  const confirm = (name: string, { run: command, url, attest }: Confirmation): RehearsedStep =>
    command ? run(name) : { name, action: url !== undefined ? `GET ${resolve(url, environment)}` : `asks: ${attest}` };
  // The contracts and the integrity command have lines of their own.
  const looked = plan.checks.filter(({ kind }) => kind !== 'contracts' && kind !== 'integrity');
  const looks = (prefix: string): RehearsedStep[] =>
    looked.map((check) => ({ name: `${prefix}:${check.name}`, action: checkText(check, base) }));
  const { contracts, integrity } = plan.verify;
  const rules = (prefix: string): RehearsedStep[] => [
    { name: `${prefix}contract:login`, action: `POST ${base}${contracts.login.path}` },
    ...contracts.get.map(({ path }) => ({
      name: `${prefix}contract:${path.split('/').at(-1)}`,
      action: `GET ${base}${path}`,
    })),
    ...(integrity
      ? [
          {
            name: `${prefix}integrity`,
            action: shownArguments(
              fillArguments(integrity.run, values).map((argument) => resolve(argument, environment)),
            ),
          },
        ]
      : []),
  ];
  const { restoreDrill, rehearsal } = plan.preflight;
  return [
    run('branch'),
    run('clean-tree'),
    run('checklist'),
    run('backup-create'),
    run('backup-validate'),
    {
      name: 'restore-drill',
      action:
        restoreDrill.reports === undefined
          ? `asks: ${restoreDrill.attest}`
          : `newest drill report in ${resolve(restoreDrill.reports, environment)}, at most ${formatDuration(restoreDrill.maxAge ?? 0)} old`,
    },
    confirm('staging-parity', plan.preflight.stagingParity),
    confirm('open-incidents', plan.preflight.openIncidents),
    confirm('frozen-rules', plan.preflight.frozenRules),
    ...(rehearsal ? [{ name: 'rehearsal', action: 'a finished rehearsal of this plan' }] : []),
    { name: 'rollback-target', action: `live version is ${values.previousRelease}` },
    ...looks('preflight'),
    ...rules('preflight:'),
    { name: 'announce:started', action: fill(plan.messages.started.text, values) },
    ...plan.stages.flatMap((stage, index): RehearsedStep[] => [
      ...(stage.gate === undefined ? [] : [{ name: `gate-${stage.name}`, action: `asks: ${stage.gate}` }]),
      ...(index === 1
        ? [{ name: 'announce:canaryHealthy', action: fill(plan.messages.canaryHealthy.text, values) }]
        : []),
      run(deployStep(stage)),
      ...stage.targets.flatMap(({ name }) =>
        looked.map((check) => ({
          name: `${name}:${check.name}`,
          action: checkText(check, targetUrl(plan, name, environment)),
        })),
      ),
      ...(stage.soak
        ? [
            {
              name: `soak-${stage.name}`,
              action: `watch ${formatDuration(stage.soak.min)} to ${formatDuration(stage.soak.max)}, the last ${formatDuration(stage.soak.settle)} clean`,
            },
          ]
        : []),
    ]),
    ...looks('verify'),
    { name: 'live-version', action: `${values.release} on ${plan.liveVersion.samples} fresh connections` },
    run('smoke'),
    ...rules(''),
    { name: 'announce:complete', action: fill(plan.messages.complete.text, values) },
    { name: 'hypercare', action: `watch for ${formatDuration(plan.hypercare.for)}` },
    { name: 'if needed: aborted', action: fill(plan.messages.aborted.text, { ...values, reason: '<reason>' }) },
    { name: 'if needed: rollback', action: run('rollback').action },
    {
      name: 'if needed: smoke',
      action: `${run('rollback-smoke').action} (in ${resolve(plan.rollback.smoke.workingDirectory ?? plan.environment.workingDirectory, environment)})`,
    },
    ...(plan.rollback.restore ? [{ name: 'if approved: drill', action: run('restore-drill').action }] : []),
    ...(plan.rollback.restore?.restore ? [{ name: 'if approved: restore', action: run('restore').action }] : []),
    { name: 'if needed: rolledBack', action: fill(plan.messages.rolledBack.text, { ...values, reason: '<reason>' }) },
  ];
}

function hideSecrets(steps: RehearsedStep[], plan: Plan, environment: Environment): RehearsedStep[] {
  const secrets = secretValues(plan, environment);
  return steps.map(({ name, action }) => ({ name, action: redactText(action, secrets) }));
}

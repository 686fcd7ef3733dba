import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { describeEnd, lastLine, succeeded, type CommandReport } from '../../domain/commands/command.js';
import { deepest } from '../../domain/text/deepest.js';
import { whatFailed } from '../../domain/run/findings.js';
import type { Attestations } from '../../domain/run/input.js';
import { stepsOfGoLive } from '../../domain/plan/plan.js';
import { branchFault, treeFault } from '../../domain/commands/plain-git.js';
import type { Confirmation } from '../../domain/plan/playbook.js';
import type { Finding } from '../../domain/run/status.js';
import { checklistFault, whatItSaid } from '../../domain/commands/what-it-said.js';
import { proofs, references } from '../activities.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';
import { Stopped } from '../run/stopped.js';

/** Playbook §1: every check runs and all results are shown; any failure rejects the go-live before anything is deployed. */
export async function preflight(run: Run): Promise<void> {
  run.enter({ is: 'preflight', passed: false });
  const questions = new CancellationScope();
  // People are asked while the machines work. One no ends it at once: no further command, no further question.
  const attested = questions.run(() => Promise.all(attestations(run)));
  try {
    await Promise.race([machines(run), attested.then(forever)]);
    if (whatFailed(run.state.preflight) === undefined) run.find('preflight', ...(await attested));
  } finally {
    questions.cancel();
  }
  const { failed } = decide('preflight', { findings: run.state.preflight }, run.plan);
  if (failed !== null) throw new Stopped({ kind: 'failure', reason: `preflight failed: ${failed}`, by: 'preflight' });
  run.become({ is: 'preflight', passed: true });
}

const forever = () => new Promise<never>(() => undefined);

/** What nobody has to be asked for, group after group. */
async function machines(run: Run): Promise<void> {
  await run.commands.takeHost();
  for (const group of automatic(run)) {
    const findings = await Promise.all(group.map(([name, item]) => found(name, item)));
    run.find('preflight', ...findings.flat());
  }
}

type Item = readonly [name: string, look: () => Promise<Finding | Finding[]>];

/**
 * Groups of items that are looked at side by side. One command after the other, in the playbook's order: `git status` is read before the backup writes files,
 * and what earlier runs have left is known first. What only looks comes last, all at once: a checklist or a backup may take long.
 */
function automatic(run: Run): readonly (readonly Item[])[] {
  const { commands, plan } = run;
  const { branch } = plan.preflight;
  const checked = confirmations(run).filter(({ confirmation }) => confirmation.run);
  return [
    [
      ['earlier commands', () => earlierCommands(run)],
      ['ledger', () => openLedger(run)],
    ],
    [
      [
        'working branch',
        async () =>
          judge('working branch', await commands.run('branch'), ({ stdout }) => branchFault(stdout, branch.expect)),
      ],
    ],
    [['clean tree', async () => judge('clean tree', await commands.run('clean-tree'), treeFault)]],
    [
      [
        'checklist',
        async () => {
          const report = await commands.run('checklist');
          return judge('checklist', report, checklistFault, checklistFault(report));
        },
      ],
    ],
    [['backup', () => backup(run)]],
    ...checked.map(({ step }): Item[] => [[step, async () => judge(step, await commands.run(step), () => undefined)]]),
    looks(run),
  ];
}

/** What changes nothing and is no command of the ledger. */
function looks(run: Run): readonly Item[] {
  const { plan, planHash, commands, input } = run;
  const { restoreDrill, rehearsal } = plan.preflight;
  return [
    ...(restoreDrill.reports === undefined ? [] : [['restore drill', () => commands.findDrillReport()] as const]),
    ...confirmations(run).flatMap(({ key, step, confirmation }): Item[] =>
      confirmation.url === undefined ? [] : [[step, () => proofs.lookAtUrl({ planHash, item: key })]],
    ),
    ...(rehearsal
      ? [['rehearsal', () => references.findRehearsal({ planHash, environment: input.environment })] as const]
      : []),
    [
      'rollback target',
      () =>
        proofs
          .proveLiveVersion({ planHash, release: input.previousRelease, withinMs: 0 })
          .then((finding) => ({ ...finding, name: 'rollback target' })),
    ],
    ['checks', () => proofs.lookAtChecks({ planHash })],
    ['metrics', () => metrics(run)],
    ['contracts', () => rules(run)],
  ];
}

/** Opens the ledger for every step at once, so that none of them has to wait for it. Should that fail, each step opens its own. */
async function openLedger({ commands, plan }: Run): Promise<Finding[]> {
  await commands.authorise(...stepsOfGoLive(plan));
  return [];
}

/** Nothing of an earlier run may still be running or unknown; what is unknown a person can vouch for. */
async function earlierCommands({ commands, input }: Run): Promise<Finding> {
  const name = 'earlier commands';
  const left = await commands.earlier();
  const listed = left.map((each) => `${each.step} of ${each.workflowId} (${each.state})`).join(', ');
  if (left.length === 0) return { name, state: 'pass', detail: 'none running, none unknown' };
  const vouched = input.attestations.earlierCommands;
  if (vouched === undefined || left.some((each) => each.state === 'running')) {
    return {
      name,
      state: 'fail',
      detail: `${listed}. Find out what each did; then start with --attest earlierCommands="what you found"`,
    };
  }
  await commands.settleEarlier(input.decisionOwner, vouched);
  return { name, state: 'attested', detail: `${listed}: ${vouched}` };
}

/** The rules have to be kept before anything is deployed, and the shapes seen now are what the release is held against. */
async function rules(run: Run): Promise<Finding[]> {
  const { findings, shapes } = await run.commands.lookAtRules();
  run.state.baseline = shapes;
  return findings;
}

/** The numbers are inside their guardrails before anything is deployed; what they are made of now has to be there later. */
async function metrics(run: Run): Promise<Finding[]> {
  const { planHash, values } = run;
  const found = await proofs.lookAtMetrics({ planHash, values });
  run.state.madeOf = Object.fromEntries(found.flatMap(({ name, madeOf }) => (madeOf ? [[name, madeOf]] : [])));
  return found.map(({ name, state, detail }) => ({ name, state, detail }));
}

async function backup({ commands, restore }: Run): Promise<Finding[]> {
  const created = await commands.run('backup-create');
  const manifest = lastLine(created.stdout);
  const backup = judge('backup', created, (report) =>
    manifest ? undefined : `it printed no manifest path: ${whatItSaid(report)}`,
  );
  if (backup.state === 'fail')
    return [backup, { name: 'backup manifest', state: 'fail', detail: 'there is no backup to validate' }];
  const valid = judge('backup manifest', await commands.run('backup-validate', { manifest }), () => undefined);
  // What a rollback may propose to restore (playbook §5.3); what came after its start isn't surely in it.
  if (valid.state === 'pass') restore.keep({ manifest, madeAt: created.startedAt ?? new Date().toISOString() });
  return [{ ...backup, detail: manifest }, valid];
}

/**
 * A command's finding, with what it said where it is no pass.
 * @param fault why its output is no pass, though it ended well
 * @param failure what is told of one that didn't end well
 */
function judge(
  name: string,
  report: CommandReport,
  fault: (report: CommandReport) => string | undefined,
  failure: string = whatItSaid(report),
): Finding {
  const { end } = report;
  if (!succeeded(end)) {
    // What never ran has nothing to say.
    const ran = end.kind === 'exited' || end.kind === 'signalled' || end.kind === 'deadline';
    return { name, state: 'fail', detail: `${describeEnd(end)}${ran ? `: ${failure}` : ''}` };
  }
  const wrong = fault(report);
  return wrong === undefined
    ? { name, state: 'pass', detail: lastLine(report.stdout) || lastLine(report.stderr) || describeEnd(end) }
    : { name, state: 'fail', detail: wrong };
}

interface Attestable {
  readonly key: 'stagingParity' | 'openIncidents' | 'frozenRules';
  readonly step: string;
  readonly confirmation: Confirmation;
}

function confirmations({ plan }: Run): Attestable[] {
  const { stagingParity, openIncidents, frozenRules } = plan.preflight;
  return [
    { key: 'stagingParity', step: 'staging-parity', confirmation: stagingParity },
    { key: 'openIncidents', step: 'open-incidents', confirmation: openIncidents },
    { key: 'frozenRules', step: 'frozen-rules', confirmation: frozenRules },
  ];
}

/** What only a person can vouch for: given with the start, or asked for now. */
function attestations(run: Run): Promise<Finding>[] {
  const { restoreDrill } = run.plan.preflight;
  const wanted: [keyof Attestations, string, string | undefined][] = [
    ['restoreDrill', 'restore-drill', restoreDrill.attest],
    ...confirmations(run).map(({ key, step, confirmation }): [keyof Attestations, string, string | undefined] => [
      key,
      step,
      confirmation.attest,
    ]),
  ];
  return wanted.flatMap(([key, name, question]) => (question === undefined ? [] : [attest(run, key, name, question)]));
}

async function attest(run: Run, key: keyof Attestations, name: string, question: string): Promise<Finding> {
  const given = run.input.attestations[key];
  if (given !== undefined) return { name, state: 'attested', detail: given };
  const { choice, by, reason } = await run.ask({
    id: `attest-${name}`,
    reason: question,
    choices: ['confirm', 'reject'],
  });
  if (choice === 'confirm') return { name, state: 'attested', detail: `${by}: ${reason}` };
  // One no is enough: nobody is asked the rest.
  const detail = `${by}: ${reason}`;
  run.find('preflight', { name, state: 'fail', detail });
  throw new Stopped({ kind: 'failure', reason: `preflight failed: ${name} (${detail})`, by: 'preflight' });
}

/** An item that could not be looked at is not a pass. */
async function found(name: string, item: Item[1]): Promise<Finding | Finding[]> {
  try {
    return await item();
  } catch (error) {
    if (isCancellation(error) || error instanceof Stopped) throw error;
    return { name, state: 'fail', detail: `could not be checked: ${deepest(error)}` };
  }
}

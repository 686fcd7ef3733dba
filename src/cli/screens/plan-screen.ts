import { freezeText, freezing } from '../../domain/freeze/freeze-window.js';
import { formatDuration } from '../../domain/time/duration.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Channel, Command, Confirmation, Stage } from '../../domain/plan/playbook.js';
import { shownArguments } from '../../domain/run/rehearsal.js';
import { triggerText } from '../../domain/watching/rule-text.js';
import type { FrozenPlan } from '../../plans/plan-store.js';
import type { Paint } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';

/** A frozen plan in the order of the playbook, with `${VAR}` and `{release}` as they stand in the file. */
export function planScreen(
  { plan, hash }: FrozenPlan,
  missing: readonly string[],
  paint: Paint,
  now = Date.now(),
): string {
  const digits = hash.replace('sha256:', '');
  const title = (text: string) => paint('bold', text);
  return [
    `${title(`${oneLine(plan.service)} in ${plan.environment.name}`)}  plan ${paint('cyan', digits.slice(0, 12))}`,
    `  ${hash}`,
    ...(missing.length === 0
      ? []
      : [paint('yellow', `  Not set here, and needed where the worker runs: ${missing.join(', ')}`)]),
    ...row('url', plan.environment.url),
    ...row('directory', plan.environment.workingDirectory),
    title('1 Preflight'),
    ...preflightLines(plan),
    title('2 Deploy'),
    ...plan.stages.flatMap(stageLines),
    title('3 Verify'),
    ...row(
      'live version',
      `${plan.liveVersion.path} .${plan.liveVersion.field} on ${plan.liveVersion.samples} fresh connections`,
    ),
    ...row('smoke', commandText(plan.verify.smoke)),
    ...row(
      'contracts',
      `login at ${plan.verify.contracts.login.path}, then ${plan.verify.contracts.get.map(({ path }) => path).join(', ')}`,
    ),
    title('4 Triggers'),
    ...plan.triggers.flatMap((trigger) => row(trigger.name, triggerText(trigger, plan))),
    title('5 Rollback'),
    ...row('command', `${commandText(plan.rollback)}, up to ${plan.rollback.attempts} attempts`),
    ...row(
      'proof',
      `live version within ${formatDuration(plan.rollback.provenWithin)}, health, readiness, ${commandText(plan.rollback.smoke)}, contracts`,
    ),
    ...restoreLines(plan),
    title('Hypercare'),
    ...row('for', formatDuration(plan.hypercare.for)),
    ...(plan.freezes.length === 0 ? [] : [title('Freeze windows'), ...freezeLines(plan, now, paint)]),
    ...(plan.deadMan
      ? [title("Dead man's ping"), ...row('every', `${formatDuration(plan.deadMan.every)}, GET ${plan.deadMan.url}`)]
      : []),
    title('6 Messages'),
    ...Object.entries(plan.messages).flatMap(([name, { text }]) => row(name, text)),
    ...plan.channels.flatMap((channel) => row('channel', channelText(channel))),
  ].join('\n');
}

function preflightLines({ preflight }: Plan): string[] {
  const { branch, cleanTree, checklist, backup, restoreDrill, stagingParity, openIncidents, frozenRules, rehearsal } =
    preflight;
  return [
    ...row('branch', `${commandText(branch)}, expects ${branch.expect}`),
    ...row('clean tree', commandText(cleanTree)),
    ...row('checklist', commandText(checklist)),
    ...row('backup', commandText(backup.create)),
    ...row('manifest', `${commandText(backup.validate)}, inside ${backup.artifacts}`),
    ...row(
      'restore drill',
      restoreDrill.reports === undefined
        ? `asks: ${restoreDrill.attest}`
        : `a PASS report in ${restoreDrill.reports}, at most ${formatDuration(restoreDrill.maxAge ?? 0)} old`,
    ),
    ...row('staging parity', confirmationText(stagingParity)),
    ...row('incidents', confirmationText(openIncidents)),
    ...row('frozen rules', confirmationText(frozenRules)),
    ...(rehearsal ? row('rehearsal', 'a finished dry run of this very plan') : []),
  ];
}

function restoreLines({ rollback: { restore } }: Plan): string[] {
  if (!restore) return [];
  const { leads, askFor, signers, drill, restore: own } = restore;
  return [
    ...row(
      'restore',
      `asks ${leads.join(', ')} for ${formatDuration(askFor)}${signers === undefined ? '' : `, signed by ${signers}`}; silence is a no`,
    ),
    ...row('', `drill: ${commandText(drill)}; its report decides`),
    ...(own ? row('', `then: ${commandText(own)}`) : []),
  ];
}

function stageLines(stage: Stage): string[] {
  const { name, gate, targets, soak, answersWithin } = stage;
  return [
    ...(gate === undefined ? [] : row(`gate ${name}`, `asks: ${gate}`)),
    ...row(name, `${commandText(stage)}; answers within ${formatDuration(answersWithin)}`),
    ...targets.flatMap((target) => row('', `watches ${target.name}: ${target.url}`)),
    ...(soak
      ? row(
          '',
          `soaks ${formatDuration(soak.min)} to ${formatDuration(soak.max)}, the last ${formatDuration(soak.settle)} clean`,
        )
      : []),
  ];
}

/** What it is and gets; its address, key and headers are secrets. */
function channelText({ name, kind, gets, unansweredFor }: Channel): string {
  return `${name} (${kind}): ${gets.join(' and ')}${unansweredFor === undefined ? '' : ` of holds unanswered for ${formatDuration(unansweredFor)}`}`;
}

/** Each window, and whether a start would be refused now. */
function freezeLines({ freezes }: Plan, now: number, paint: Paint): string[] {
  const { windows, thaws } = freezing(freezes, now);
  return [
    ...freezes.flatMap((freeze) => row(freeze.name, freezeText(freeze))),
    windows.length === 0
      ? '  None is in force now.'
      : paint(
          'yellow',
          `  In force now: ${windows.map(({ name, until }) => `${oneLine(name)} until ${new Date(until).toISOString()}`).join(', ')}. ${thaws === undefined ? 'No go-live can ever start' : `A go-live can start at ${new Date(thaws).toISOString()}`}.`,
        ),
  ];
}

function commandText({
  run,
  deadline,
  workingDirectory,
}: Pick<Command, 'run' | 'deadline' | 'workingDirectory'>): string {
  return `${shownArguments(run)} (deadline ${formatDuration(deadline)}${workingDirectory === undefined ? '' : `, in ${workingDirectory}`})`;
}

function confirmationText({ run, url, attest, deadline }: Confirmation): string {
  if (run) return commandText({ run, deadline });
  return url === undefined ? `asks: ${attest}` : `GET ${url} answers 200`;
}

const row = (name: string, text: string): string[] => [`  ${oneLine(name).padEnd(15)} ${oneLine(text)}`];

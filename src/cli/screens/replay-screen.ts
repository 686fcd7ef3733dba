import type { Replay, TriggerReplay } from '../../domain/evidence/replay.js';
import type { SoakReplay } from '../../domain/evidence/replay-soaks.js';
import { lasted } from '../../domain/time/lasted.js';
import { dayAndClock } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';

/** A go-live with what another playbook would have decided. */
export interface ReplayedGoLive extends Replay {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly beganAt: string;
  readonly release?: string;
  readonly outcome?: string;
}

/** What another playbook would have decided, and when: triggers, soaks, and what nobody can know. */
export function replayScreen(replayed: ReplayedGoLive, paint: Paint): string {
  const { workflowId, firstRunId, beganAt, release, outcome, triggers, soaks, unknown, until, stopped, rollsBackAt } =
    replayed;
  const title = `${oneLine(workflowId)}${release === undefined ? '' : `, ${oneLine(release)}`}, begun ${dayAndClock(beganAt)}${outcome === undefined ? '' : `: ${oneLine(outcome)}`}`;
  return [
    `${paint('bold', title)} ${paint('dim', oneLine(firstRunId))}`,
    ...(triggers.length === 0
      ? ['  no trigger fired, and none would fire']
      : triggers.map((each) => triggerLine(each, stopped, paint))),
    ...soaks.map((each) => soakLine(each)),
    ...(rollsBackAt === undefined
      ? []
      : [`  it would have been stopped at ${dayAndClock(rollsBackAt)}: what came after that, nobody can know`]),
    ...(stopped
      ? [`  looks after its stop at ${dayAndClock(until)} are of another release, and count for nothing`]
      : []),
    ...unknown.map((each) => paint('yellow', `  can't be known: ${oneLine(each)}`)),
  ].join('\n');
}

function triggerLine(
  { trigger, target, action, then, now, why }: TriggerReplay,
  stopped: boolean,
  paint: Paint,
): string {
  const name = `${oneLine(trigger)} at ${oneLine(target)} (${action})`;
  if (!now && why !== undefined) return `  ${paint('yellow', name)}: fired at ${told(then)}; ${oneLine(why)}`;
  if (!now)
    return `  ${paint('yellow', name)}: fired at ${told(then)}; would not fire${stopped ? ' before its stop' : ''}`;
  if (!then) return `  ${paint('yellow', name)}: did not fire; would fire at ${told(now)}`;
  const [was, is] = [Date.parse(then.at), Date.parse(now.at)];
  const apart =
    Math.abs(is - was) < 1_000 ? 'as before' : `${lasted(Math.abs(is - was))} ${is < was ? 'earlier' : 'later'}`;
  return `  ${name}: fired at ${told(then)}; would fire ${apart}${apart === 'as before' ? '' : `, at ${told(now)}`}`;
}

function soakLine({ stage, then, promotedAt, why }: SoakReplay): string {
  const was = then.how === 'promoted' ? 'promoted' : then.how === 'stopped' ? 'stopped' : 'ended by a person';
  const would =
    promotedAt === undefined
      ? `would not have been promoted by then: ${oneLine(why ?? '')}`
      : `would have been promoted at ${dayAndClock(promotedAt)}`;
  return `  soak of ${oneLine(stage)}: ${was} at ${dayAndClock(then.at)}; ${would}`;
}

const told = (each: TriggerReplay['then']): string => (each ? `${dayAndClock(each.at)} (${oneLine(each.detail)})` : '');

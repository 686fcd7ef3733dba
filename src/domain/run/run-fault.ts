import { shortened } from '../text/cut-text.js';
import type { GoLiveInput } from './input.js';
import { environmentOf, typedFor } from './workflow-id.js';
import type { Remembered } from './remembered.js';
import { shellWord } from '../text/shell-word.js';

/** A run as the server shows it from outside. */
export interface RunSeen {
  readonly workflowId: string;
  readonly input?: Partial<GoLiveInput> | undefined;
  readonly remembered?: Remembered | undefined;
  /** The server's word: RUNNING, COMPLETED, FAILED, TERMINATED, … */
  readonly state: string;
  /** Its workflow task, if one waits: which try of it is due. */
  readonly task?: { readonly attempt: number } | undefined;
  /** Since when its workflow tasks fail or are lost, epoch milliseconds, and how many of those are on record: of tries in a row the first. */
  readonly failing?: { readonly since: number; readonly times: number } | undefined;
  /** Why its workflow task failed, if that is on record. */
  readonly taskFailure?: string | undefined;
  /** Why a run that is over ended without a result, and the type of that failure. */
  readonly failure?:
    { readonly type?: string | undefined; readonly why: string; readonly by?: string | undefined } | undefined;
}

/** What a run can't tell people itself any more. `stuck`: its own code fails again and again. `ended`: it is over without an outcome. */
export interface RunFault {
  readonly kind: 'stuck' | 'ended';
  /** Somebody has done it and knows: the others are told once, not again and again. */
  readonly onPurpose?: true;
  /** The release may be live, and nothing of golive watches it any more. */
  readonly unwatched?: true;
  /** What is so, in one sentence. */
  readonly what: string;
  /** What it means and what to do, one sentence or command each. */
  readonly todo: readonly string[];
}

/** No failure's own words are longer: a page has to stay one. */
const LONGEST = 600;
/**
 * A task that fails or is lost with its worker comes again; a long replay on a slow machine gets through at its fifth or sixth try. It is stuck after so many
 * tries and so long, or, however often the server has counted anew, after a longer time.
 */
const IN_A_ROW = 3;
const STUCK_MS = 60_000;
const STUCK_FOR_SURE_MS = 180_000;
/** The server itself ends a run that breaks one of its limits. */
const THE_SERVER = 'history-service';
const ENDED: Readonly<Record<string, string>> = {
  FAILED: 'failed',
  TIMED_OUT: 'was cut off by the server',
  TERMINATED: 'was terminated',
  CANCELED: 'was cancelled',
};
/** From the first deploy on the release may be live. */
const NOTHING_DEPLOYED = ['scheduled', 'preflight', 'rehearsing'];

/**
 * Says what is wrong with a run that can't say it itself, or that nothing is. A start that was refused has touched nothing, and whoever gave it was told.
 * @param now epoch milliseconds
 * @param wasStuck people have been told so: it is until a task of it has been completed
 */
export function runFault(seen: RunSeen, now: number, wasStuck = false): RunFault | undefined {
  const { state, failure, remembered, input } = seen;
  // Nothing is live by a rehearsal, and who gave it looks on.
  if (input?.dryRun === true) return undefined;
  const phase = remembered?.phase;
  const where = phase === undefined ? 'before its first phase' : `in the phase ${phase}`;
  if (state === 'RUNNING') {
    const tries = triesOf(seen, now, wasStuck);
    if (tries === undefined) return undefined;
    const why = because(seen.taskFailure);
    return {
      kind: 'stuck',
      what: `${nameOf(seen)} stands still ${where}: its workflow task fails again and again (try ${tries})${why}`,
      todo: [
        'Until that ends nothing of it is decided: no trigger fires, an abort is kept and not acted on. Commands that run go on under their supervisors.',
        'Was golive changed since it began? Start a worker of the version that began it: it carries on where this stopped, with the next try of the server, ten minutes apart at most.',
        ...byHand(seen),
      ],
    };
  }
  if (state === 'COMPLETED' || state === 'CONTINUED_AS_NEW' || state === 'PAUSED') return undefined;
  if (failure?.type === 'RefusedStart' || remembered?.outcome !== undefined) return undefined;
  const nothingDeployed = !hasDeployed(seen);
  // Whoever terminates a run before its first deploy leaves nothing unwatched.
  if (nothingDeployed && state !== 'FAILED') return undefined;
  const why = because(failure?.why);
  return {
    kind: 'ended',
    ...(state === 'TERMINATED' && failure?.by !== THE_SERVER ? { onPurpose: true } : {}),
    ...(nothingDeployed ? {} : { unwatched: true }),
    what: `${nameOf(seen)} ${ENDED[state] ?? 'ended'} ${where}, without an outcome${why}`,
    todo: nothingDeployed
      ? ['Nothing was deployed by it. A command of its preflight may still run: the next go-live asks about it.']
      : [
          'Nothing of golive watches this release any more, and nothing takes it back. Commands that ran go on under their supervisors.',
          ...byHand(seen),
        ],
  };
}

/** How often the workflow task of a run that is stuck has been tried; undefined for one that isn't. */
function triesOf({ task, failing }: RunSeen, now: number, wasStuck: boolean): number | undefined {
  if (!task || !failing) return undefined;
  const tries = failing.times - 1 + task.attempt;
  const forMs = now - failing.since;
  return wasStuck || forMs >= STUCK_FOR_SURE_MS || (tries >= IN_A_ROW && forMs >= STUCK_MS) ? tries : undefined;
}

const hasDeployed = ({ remembered }: RunSeen): boolean =>
  remembered?.phase !== undefined && !NOTHING_DEPLOYED.includes(remembered.phase);

/** Whether a newer run under the same ID has to do with what is live: one that was rejected, or is in its preflight yet, watches and takes back nothing. */
export function takesCare(seen: RunSeen): boolean {
  const outcome = seen.remembered?.outcome;
  if (outcome !== undefined) return !['rejected', 'aborted', 'rehearsed'].includes(outcome);
  return seen.state === 'COMPLETED' || hasDeployed(seen);
}

function because(why: string | undefined): string {
  if (why === undefined) return '';
  return `: ${shortened(why, LONGEST)}`;
}

function nameOf({ workflowId, remembered, input }: RunSeen): string {
  const release = remembered?.release ?? input?.release;
  const environment = environmentOf(workflowId);
  if (release === undefined) return `The go-live ${workflowId}`;
  return input?.rollback
    ? `The rollback of ${release} in ${environment}`
    : `The go-live of ${release} to ${environment}`;
}

/** The release is watched and taken back by people, with the commands as they are typed, a line each. */
function byHand({ workflowId, remembered, input, state }: RunSeen): string[] {
  const release = remembered?.release ?? input?.release;
  const previous = remembered?.previousRelease ?? input?.previousRelease;
  if (release === undefined || previous === undefined)
    return ['Watch the release by hand meanwhile. To take it back: docs/break-glass.md.'];
  const owner = remembered?.decisionOwner ?? input?.decisionOwner;
  return [
    'Watch the release by hand meanwhile. To take it back:',
    ...(state === 'RUNNING' ? [`temporal workflow terminate --workflow-id ${workflowId}`] : []),
    `golive rollback ${environmentOf(workflowId)} --release ${shellWord(release)} --previous ${shellWord(previous)}${owner === undefined ? '' : ` --owner ${shellWord(owner)}`}`,
    'Without golive: docs/break-glass.md.',
  ];
}

/** A fault as one text of several lines, for a page. */
export function faultText({ what, todo }: RunFault, workflowId: string): string {
  return [`${what.replace(/\.$/, '')}.`, ...todo, `Look: golive status ${typedFor(workflowId)}`].join('\n');
}

import type { ExternalAlerts } from '../alerts/external-alerts.js';
import type { ChannelRecord, Missed } from '../announcing/channel-state.js';
import type { Shapes } from '../contracts/shape.js';
import { NOTHING, type HypercareState } from '../hypercare/hypercare-state.js';
import type { MadeOf } from '../metrics/measured.js';
import type { Answered } from '../people/hold.js';
import type { SaidBy } from '../people/said-by.js';
import type { Proposal } from '../rollback/restore-approval.js';
import type { RestoreStatus } from '../rollback/restore-status.js';
import type { Advised } from '../watching/advised.js';
import type { Sight } from '../watching/soak.js';
import type { WatchedChecks } from '../watching/watch-state.js';
import type { Course } from './course.js';
import type { Opening } from './opening.js';
import type { Blindness, Finding, GoLiveStatus, StageStatus, TimelineEntry } from './status.js';
import { noTimeline, type TimelineState } from './timeline.js';

/**
 * Everything a run knows, as plain data. It is what a run is: a run that goes on as a new one hands it over whole (design §10). What is under way (a
 * question, a command, a segment of watching) is not in it: it belongs to the run that waits for it. Each part is written by what it is about.
 */
export interface RunState {
  course: Course;
  /** When the phase began, ISO. */
  since: string;
  /** When the go-live was started, ISO: one that goes on as a new run has begun with its first. */
  readonly beganAt: string;
  /** Once its plan is frozen. */
  opening?: Opening;
  beginning: BeginningState;
  decisionOwner: string;
  preflight: readonly Finding[];
  verification: readonly Finding[];
  proof: readonly Finding[];
  stages: readonly StageStatus[];
  readonly timeline: TimelineState;
  /** The last messages that changed nothing, with why. */
  ineffective: readonly TimelineEntry[];
  /** No further step begins. `at`: ISO. */
  paused?: SaidBy & { readonly at: string };
  /** Who wants the soak under way to end early, until it is decided. `at`: epoch milliseconds. */
  promotion?: SaidBy & { readonly at: number };
  /** The last answers to questions, for whoever comes second. */
  answered?: readonly Answered[];
  commands: CommandsState;
  watching: WatchingState;
  alerts: AlertsState;
  /** What advisory triggers would have done. */
  advised?: readonly Advised[];
  announcements: AnnouncementsState;
  deadMan: DeadManState;
  hypercare: HypercareState;
  restore: RestoreState;
  /** How the contracts answered before the deploy. */
  baseline?: Shapes;
  /** What each metric check was made of before the deploy. */
  madeOf?: Readonly<Record<string, MadeOf>>;
  /** A version that was live before a release is taken back and is neither of the two. */
  foundLive?: string;
}

/** When it begins, in epoch milliseconds, once that is decided; and that a freeze window was overridden. */
export interface BeginningState {
  readonly at?: number;
  readonly freezeOverride?: string;
}

export interface CommandsState {
  /** How each command is, by step and generation, in the order of their decisions. */
  readonly states: Readonly<Record<string, GoLiveStatus['commands'][number]>>;
  /** The next generation of each step that was decided. */
  readonly generations: Readonly<Record<string, number>>;
  /** The commands the ledger knows of already, by step and generation. */
  readonly authorised: readonly string[];
  /** The queue of the host that has the run's commands. */
  readonly host?: string;
  /** The same once a worker of another host has decided for the run: who is asked beside the run may be the wrong one. */
  readonly apart?: string;
}

export interface WatchingState {
  watches: readonly WatchData[];
  /** What was blind, from when to when. */
  gaps: readonly Blindness[];
  /** Checks that people go on without. */
  accepted: readonly string[];
}

/** One watch: its checks, what it has seen, and when its last segments ended early, in epoch milliseconds. */
export interface WatchData {
  readonly name: string;
  readonly checks: WatchedChecks;
  sight: Pick<Sight, 'observed' | 'lastUnclean'>;
  news: readonly number[];
}

export interface AlertsState {
  readonly known: ExternalAlerts;
  /** External triggers that have fired and are silent until they are resolved. */
  readonly fired: readonly string[];
}

export interface AnnouncementsState {
  /** The messages, without the pages of holds. */
  readonly said: TimelineState;
  /** How many posts there were. */
  posts: number;
  promised?: Promised;
  channels: Readonly<Record<string, ChannelRecord>>;
  missed: readonly Missed[];
}

/** A message has promised that the next one comes by then. Epoch milliseconds. */
export interface Promised {
  readonly by: number;
  /** When the last message came that was no update: updates without news come rarer with time. */
  readonly newsAt: number;
}

/** The dead man's pings. Epoch milliseconds. */
export interface DeadManState {
  readonly pingedAt?: number;
  readonly failing?: string;
}

/** The question of a data restore (playbook §5.3). */
export interface RestoreState {
  /** What could be restored, once there is a backup. `madeAt`: ISO. */
  readonly backup?: { readonly manifest: string; readonly madeAt?: string };
  readonly status?: RestoreStatus;
  /** Why the data can be wrong, as the first has said it since the first deploy. */
  readonly doubt?: string;
  /** What a lead is asked to approve, or has approved. */
  readonly proposal?: Proposal;
  /** What became of a restore command that did not succeed. */
  readonly ran?: string;
}

/** Of a run that begins. `beganAt`: ISO. */
export function newState(beganAt: string, decisionOwner: string): RunState {
  return {
    course: { is: 'preflight', passed: false },
    since: beganAt,
    beganAt,
    beginning: {},
    decisionOwner,
    preflight: [],
    verification: [],
    proof: [],
    stages: [],
    timeline: noTimeline(),
    ineffective: [],
    commands: { states: {}, generations: {}, authorised: [] },
    watching: { watches: [], gaps: [], accepted: [] },
    alerts: { known: [], fired: [] },
    announcements: { said: noTimeline(), posts: 0, channels: {}, missed: [] },
    deadMan: {},
    hypercare: NOTHING,
    restore: {},
  };
}

/** So many stretches of what was seen go over to a new run: only a soak asks for older ones. */
const MOST_STRETCHES = 20;

/** The state for the run that this one goes on as: all of it, and of what grows as much as is needed. */
export function handedOver(state: RunState): RunState {
  const { watching } = state;
  const watches = watching.watches.map((watch) => ({
    ...watch,
    sight: { ...watch.sight, observed: watch.sight.observed.slice(-MOST_STRETCHES) },
  }));
  return { ...state, watching: { ...watching, watches } };
}

import type { ChannelStatus, Missed } from '../announcing/channel-state.js';
import type { CommandReport } from '../commands/command.js';
import type { Answered, OpenHold } from '../people/hold.js';
import type { RestoreStatus } from '../rollback/restore-status.js';
import type { SaidBy } from '../people/said-by.js';
import type { Criterion } from '../hypercare/exit-criteria.js';
import type { CheckTally } from '../hypercare/hypercare-tally.js';
import type { Alarm } from '../hypercare/heard-version.js';
import type { Advised } from '../watching/advised.js';
import type { CheckStatus } from '../watching/check-status.js';
import type { TriggerAction } from '../plan/playbook/trigger.js';

export type Phase =
  | 'scheduled'
  | 'preflight'
  | 'deploying'
  | 'soaking'
  | 'verifying'
  | 'hypercare'
  | 'rolling-back'
  | 'rehearsing'
  | 'ended';

/** How a go-live can end (design §2). */
export type Outcome = 'rehearsed' | 'rejected' | 'aborted' | 'completed' | 'rolled-back' | 'rollback-failed';

/** What stops the way forward: an abort by a person, or a trigger, or something that failed. The first one stays. */
export interface Stop {
  readonly kind: 'abort' | 'trigger' | 'failure' | 'decision';
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  /** Of a person's answer: what was chosen, and the question it was chosen for. */
  readonly choice?: string;
  readonly about?: string;
  /** Who else wanted it stopped afterwards. */
  readonly also?: readonly SaidBy[];
}

/** The release that ended this one's hypercare. */
export interface Superseded extends SaidBy {
  readonly release: string;
  readonly at: string;
}

/** One preflight item or one line of proof, with what was seen. */
export interface Finding {
  readonly name: string;
  /** Unknown is neither a pass nor a failure: nobody could look, or what came back says nothing. */
  readonly state: 'pass' | 'fail' | 'unknown' | 'attested';
  readonly detail: string;
  /** What fails lies in the data: another release doesn't mend it. */
  readonly inData?: true;
}

export interface Blindness {
  readonly check: string;
  readonly target: string;
  readonly from: string;
  readonly to?: string;
  readonly why?: string;
}

export interface StageStatus extends StageTimes {
  readonly name: string;
  readonly state:
    'pending' | 'waiting at its gate' | 'deploying' | 'soaking' | 'done' | 'failed' | 'stopped' | 'rolled back';
  readonly detail?: string;
  /** When it left `pending`, ISO. */
  readonly beganAt?: string;
  /** Which versions answered after its deploy, such as `RC.3 ×2 at canary-1`. */
  readonly answers?: string;
}

/** When a stage came to its state, when it can leave it at the earliest, and when it has to; ISO. */
export interface StageTimes {
  readonly since?: string;
  readonly due?: string;
  readonly deadline?: string;
}

/** A health review, as people were told. */
export interface HypercareReview {
  readonly at: string;
  readonly text: string;
}

export interface HypercareStatus {
  readonly criteria: readonly Criterion[];
  readonly nextReview?: string;
  /** The last few, the latest last. */
  readonly reviews: readonly HypercareReview[];
  /** What is live isn't the release. */
  readonly live?: Alarm;
}

/** How hypercare went. Times are ISO; values in the unit of their check, as people read them. */
export interface HypercareResult {
  readonly from: string;
  readonly to: string;
  readonly reviews: readonly HypercareReview[];
  readonly worst: readonly {
    readonly check: string;
    readonly target: string;
    readonly worst: string;
    readonly guardrail: string;
  }[];
  /** How long checks had no readings, in milliseconds, and how often they went from clean to failing. */
  readonly blind: readonly (Pick<CheckTally, 'check' | 'target'> & { readonly milliseconds: number })[];
  readonly flaps: readonly (Pick<CheckTally, 'check' | 'target'> & { readonly times: number })[];
  /** The triggers that fired, with when and what on. */
  readonly triggers: readonly (TimelineEntry & { readonly trigger: string })[];
  /** As they stood at its end. */
  readonly criteria: readonly Criterion[];
}

export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
}

/** The answer to the `status` query: everything an operator needs at 2 a.m. */
export interface GoLiveStatus {
  readonly workflowId: string;
  readonly environment: string;
  readonly release: string;
  readonly previousRelease: string;
  readonly decisionOwner: string;
  readonly planHash: string;
  readonly phase: Phase;
  readonly since: string;
  /** When the go-live was started, however many runs its history has needed. */
  readonly beganAt: string;
  readonly outcome?: Outcome;
  readonly stop?: Stop;
  readonly preflight: readonly Finding[];
  readonly stages: readonly StageStatus[];
  readonly verification: readonly Finding[];
  readonly proof: readonly Finding[];
  readonly restore?: RestoreStatus;
  readonly watching: readonly CheckStatus[];
  /** Checks without readings, from when to when; those without an end are blind now. */
  readonly blind: readonly Blindness[];
  /** The last messages that changed nothing, with why. */
  readonly ineffective: readonly TimelineEntry[];
  /** No further step begins. */
  readonly paused?: SaidBy & { readonly at: string };
  /** Triggers that others say are met, or that they can't tell. */
  readonly alerts: readonly {
    readonly trigger: string;
    readonly since: string;
    readonly running: string;
    /** What it will do and when, ISO, while it has to last and has not fired. */
    readonly clock?: { readonly action: TriggerAction; readonly due: string };
    /** It does nothing but be counted. */
    readonly advisory?: true;
  }[];
  /** How often each advisory trigger would have fired; absent when none would have. */
  readonly advised?: readonly Advised[];
  readonly holds: readonly OpenHold[];
  /** The last answers to questions, the latest last; missing in what an older golive says. */
  readonly answered?: readonly Answered[];
  readonly commands: readonly (Omit<CommandReport, 'end' | 'stdout' | 'stderr'> & {
    readonly state: string;
    readonly lastLine: string;
    /** When it was decided, and by when its processes are ended; ISO. */
    readonly decidedAt?: string;
    readonly deadline?: string;
  })[];
  readonly hypercareEnds?: string;
  /** From the beginning of hypercare on. */
  readonly hypercare?: HypercareStatus;
  /** While it is scheduled: when it begins. */
  readonly beginsAt?: string;
  /** The freeze windows it was started in spite of, by whom and why; or that the override wasn't needed. */
  readonly freezeOverride?: string;
  readonly supersededBy?: Superseded;
  /** The dead man's ping: the last one that was taken, and why the newest wasn't. */
  readonly deadMan?: { readonly pingedAt?: string; readonly failing?: string };
  /** What people were told, without the pages of holds. */
  readonly messages: readonly TimelineEntry[];
  /** When people get the next message at the latest: it was promised. */
  readonly nextUpdate?: string;
  readonly channels: readonly ChannelStatus[];
  /** The last posts that have not arrived, or may not have. */
  readonly undelivered: readonly Missed[];
}

/** What the workflow returns. */
export interface GoLiveResult {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly environment: string;
  readonly release: string;
  readonly previousRelease: string;
  readonly planHash: string;
  readonly stop?: Stop;
  readonly preflight: readonly Finding[];
  readonly verification: readonly Finding[];
  readonly proof: readonly Finding[];
  readonly restore?: RestoreStatus;
  /** The rehearsal's table of steps, for a dry run. */
  readonly table?: string;
  /** How hypercare went, as far as it came. */
  readonly hypercare?: HypercareResult;
  /** How often each advisory trigger would have fired; absent when none would have. */
  readonly advised?: readonly Advised[];
  readonly timeline: readonly TimelineEntry[];
  /** Posts that never arrived at their channel, or may not have. */
  readonly undelivered?: readonly Missed[];
  readonly freezeOverride?: string;
  readonly supersededBy?: Superseded;
  /** The last answers to questions, the latest last; missing without any, and in what an older golive has left. */
  readonly answered?: readonly Answered[];
}

import type { EarlierCommand } from '../../activities/commands/commands.js';
import type { CommandReport } from '../../domain/commands/command.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import type { Decision, OpenHold } from '../../domain/people/hold.js';
import type { SaidBy } from '../../domain/people/said-by.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { Stage } from '../../domain/plan/playbook.js';
import type { Proposal } from '../../domain/rollback/restore-approval.js';
import type { KnownOfData, Moment } from '../../domain/rollback/restore-proposed.js';
import type { Backup } from '../../domain/rollback/restore-status.js';
import type { Blindness, Finding, GoLiveStatus, Outcome, Stop } from '../../domain/run/status.js';
import type { BlindTime } from '../../domain/watching/blind-text.js';
import type { CheckStatus } from '../../domain/watching/check-status.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import type { Firing } from '../../domain/watching/segment.js';
import type { Sight } from '../../domain/watching/soak.js';
import type { HostActivities } from '../activities.js';

/** The questions to people that are open. */
export interface HoldsPort {
  readonly open: readonly OpenHold[];
  /** The same, each with its reason by now: for whoever looks, never for what stands in the history. */
  readonly openNow: readonly OpenHold[];
  /** Whether an answer was given that nothing has come of yet. */
  readonly deciding: boolean;
  /** Whether this question is open and has no answer yet. */
  awaits(id: string): boolean;
  /** The answer to this question that nothing has come of yet. */
  decisionOf(id: string): Decision | undefined;
  /** How long the oldest question that something waits for has been open, in milliseconds; 0 without one. */
  openFor(): number;
  /** Refuses an answer that answers nothing, with the ones that would. */
  validate(raw: unknown): void;
  decide(raw: Decision): string;
}

/** The plan's commands, each decision to run one at most once (promise 1), and what else is done where they run. */
export interface CommandsPort {
  /** A command that may be running. */
  readonly inFlight: { readonly step: string; readonly generation: number } | undefined;
  /** The queue of the host that has this run's commands, once its first one was taken. */
  readonly host: string | undefined;
  /** Decides where this run's commands are. Once that is so, they and looks on their host can be asked for side by side. */
  takeHost(): Promise<string>;
  /** Says that these steps are about to be decided, so that later nothing has to be written before they start. */
  authorise(...steps: string[]): Promise<void>;
  /** The step's command, once. An unknown outcome is a question to people, and this waits for their answer. */
  run(step: string, values?: Values): Promise<CommandReport>;
  /** The fence, before anything else touches the environment. Returns at once when nothing is in flight. */
  stopInFlight(): Promise<void>;
  /** What earlier runs have left in this environment, from the ledger of this run's host. */
  earlier(): Promise<EarlierCommand[]>;
  /** Records that a person vouches for what earlier runs have left unknown. */
  settleEarlier(by: string, reason: string): Promise<void>;
  /** The restore drill's reports are files of this run's host. */
  findDrillReport(): Promise<Finding>;
  /**
   * The contracts, the frozen rules and the integrity command, on the run's host: it has the command's working directory.
   * @param baseline the shapes that must not have drifted; without it `shapes` is what may become the baseline
   */
  lookAtRules(baseline?: Shapes): Promise<{ findings: Finding[]; shapes: Shapes }>;
  /** A look that no worker can make, for want of the plan or a variable, is a question to people like a command that none can run. */
  look<T>(what: string, call: () => Promise<T>): Promise<T>;
  /** What can be asked of any host: who goes elsewhere asks there. */
  onAnyHost<T>(what: string, call: (activities: HostActivities) => Promise<T>): Promise<T>;
}

/** One watch over some checks. */
export interface WatchPort {
  readonly name: string;
  /** Whether everything was seen clean in a look after this moment, in epoch milliseconds. */
  cleanAfter(moment: number): boolean;
}

/** Everything that is watched beside the way forward. Moments are epoch milliseconds. */
export interface WatchesPort {
  /** When something will be decided next: no segment of watching runs past it. */
  nextMoment: number | undefined;
  /** Grows with each report of a watch. */
  readonly reports: number;
  /** Watches the whole service, its probes and its metrics; nothing when there is nothing to look at, as in the others. */
  service(): WatchPort | undefined;
  /** Watches a stage's own addresses; what has just been deployed gets as long for its first readings as for its first answer. */
  stage(stage: Stage): WatchPort | undefined;
  /** Watches contracts and integrity, from the first deploy on: before it nothing has changed. */
  rules(): void;
  end(watch: WatchPort): void;
  endAll(): void;
  /** Goes on with the watches of the run before. Returns that of the service. */
  takeUp(): WatchPort | undefined;
  /** Every watch ends with a report of now. */
  handOver(): Promise<void>;
  /** They go on after all. */
  goOn(): void;
  /** Segments that were long because nothing could go on end when something can. */
  hurry(): void;
  /** Asks for a look at every probe and metric from now on, and for its report: contracts and integrity take longer, and report what they have seen. */
  lookAgain(): void;
  /** Whether every watch has reported after this moment, or is overdue. */
  heardSince(moment: number): boolean;
  /** The same, for a review: of contracts and integrity that are quiet no report is needed, what changes there is told at once. */
  heardForReview(since: number): boolean;
  /** The same of the service alone. */
  heardOfService(moment: number): boolean;
  /** Whether the service's watch hears which version is live. */
  readonly hears: boolean;
  readonly sights: readonly Sight[];
  /** Whether blindness stands in the way of the next step. */
  readonly blocks: boolean;
  /** Whether a breach clock runs. */
  readonly counts: boolean;
  isClean(): boolean;
  /** What isn't clean, in words. */
  unclean(): string[];
  /** What was bad when it was last looked at, in words. */
  failing(): string[];
  /** Each check as it was last reported. */
  seen(): ReportedCheck[];
  checks(): CheckStatus[];
  /** What was blind from when to when, and what is. */
  blindness(): Blindness[];
  /** Asks people about blindness. Never returns; a cancelled scope ends it. */
  tellBlindness(): Promise<never>;
}

/** The triggers of playbook §4. */
export interface TriggersPort {
  /** Whether a question about a trigger stands in the way of the next step. */
  readonly blocks: boolean;
  /** What others say that people should know: what fires, what may be a stale copy, and what nothing is known of. */
  readonly alerts: GoLiveStatus['alerts'];
  /** Alerts that are firing now. */
  readonly firing: GoLiveStatus['alerts'];
  /** Triggers of which somebody says that nothing is known. */
  readonly unknown: GoLiveStatus['alerts'];
  fire(firing: Firing): void;
  /** The signal `alert`, with whatever payload. */
  alert(payload: unknown): void;
  /** Fires external triggers when they have been met for their time. Never returns; a cancelled scope ends it. */
  followAlerts(): Promise<never>;
}

/** What a run adds to the metrics of its worker: of no consequence for the run. */
export interface MetricsPort {
  /** From then on, in epoch milliseconds, it takes until the rollback command starts: a trigger fired, or a person has decided. */
  decided(at: number): void;
  /** A rollback begins. */
  rollsBack(cause: Stop['kind']): void;
  /** The rollback command has started then, ISO; undefined when it hasn't. Only the first after a decision counts. */
  rollbackStarted(cause: Stop['kind'], startedAt: string | undefined): void;
  ended(outcome: Outcome): void;
  /** These checks are watched from now on. */
  watches(checks: readonly string[]): void;
  /** Checks had no readings; what goes on may be told again. */
  wasBlind(times: readonly BlindTime[]): void;
  /** A channel has not taken a page, or may not have, and it isn't sent again. */
  pageGivenUp(): void;
}

/** Pause, resume, promote: signals with whatever payload. */
export interface SteeringPort {
  pause(payload: unknown): void;
  resume(payload: unknown): void;
  promote(payload: unknown): void;
  /** What became of the wish to promote: what stands against it, or nothing. */
  promoted(against: readonly string[]): void;
  /** In milliseconds. */
  pausedFor(): number;
}

/** The update that hands the decisions over. */
export interface HandoverPort {
  validate(raw: unknown): void;
  handOver(raw: unknown): string;
  /** The run ends: nobody is asked any more. */
  end(): void;
}

/** The update by which a hotfix ends hypercare. */
export interface SupersessionPort {
  validate(raw: unknown): void;
  supersede(raw: unknown): string;
  /** Hypercare, until it is over or superseded. */
  unless(hypercare: () => Promise<void>): Promise<void>;
}

/** Why the data can be wrong: then a rollback asks the incident leads about a restore. The first to say so stays. */
export interface DoubtsPort {
  /** A person says so. Returns what comes of it. */
  say(by: SaidBy): string;
  /** A trigger has fired, whatever it does. */
  ofTrigger(name: string, what: string): void;
  /** What the checks say as a rollback begins: later they look at another release. */
  ofChecks(): void;
  /** How people can say so while a rollback runs; nothing where that changes nothing. */
  howToSay(): string | undefined;
  /** What is known of the data. */
  known(): KnownOfData;
  /** Why nobody is asked after a rollback that is proven, and how to be asked all the same; nothing where somebody is. */
  whyNotAsked(): string | undefined;
}

/** The question of a data restore (playbook §5.3). */
export interface RestorePort {
  readonly isApproved: boolean;
  /** What a lead is asked to approve, or has approved. Throws when there is nothing. */
  readonly proposal: Proposal;
  /** What may be proposed, should it come to a rollback. `madeAt`: ISO. */
  keep(backup: { readonly manifest: string; readonly madeAt?: string }): void;
  /** Asks the leads, without waiting for their answer, if the doubts say so. Once. */
  consider(moment: Moment): Promise<void>;
  /** Reads the backup and asks the leads again, without waiting for their answer. */
  proposeAgain(): Promise<void>;
  /** Returns when nobody is asked any more, whatever was said. */
  answered(): Promise<void>;
  /** The backup as it is now on the host that has it. */
  read(manifest: string): Promise<Backup | { readonly unreadable: string }>;
  /** The restore command is about to run: from now on nothing hides that it did, unless it succeeds. */
  begins(): void;
  /** How an approved restore came out. */
  came(state: 'drilled' | 'restored' | 'failed', detail: string): void;
  /** Takes the question back, because the run ends. */
  close(why: string): void;
  /** Refuses an approval that can't count, without looking at its signature. */
  validate(raw: unknown): void;
  approve(raw: unknown): Promise<string>;
}

/** The outside monitor that hears of this run again and again. */
export interface DeadManPort {
  /** Nothing, when the plan names no monitor. */
  start(): void;
  end(): void;
}

import type { Course, WayOut } from '../../domain/run/course.js';
import type { Decision, Hold } from '../../domain/people/hold.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { MessageEvent } from '../../domain/plan/playbook.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { RunState } from '../../domain/run/run-state.js';
import type {
  Finding,
  GoLiveResult,
  GoLiveStatus,
  Outcome,
  StageStatus,
  StageTimes,
  Stop,
} from '../../domain/run/status.js';
import type {
  CommandsPort,
  DeadManPort,
  DoubtsPort,
  HandoverPort,
  HoldsPort,
  MetricsPort,
  RestorePort,
  SteeringPort,
  SupersessionPort,
  TriggersPort,
  WatchesPort,
} from './ports.js';

/** The messages that something in a run says; updates and pages come by themselves. */
export type Announced = Exclude<MessageEvent, 'update' | 'page'>;

/** What only some messages can name. */
export interface Said {
  readonly reason?: string | undefined;
  readonly detail?: string;
  /** Said after the message, whatever its template is. */
  readonly warning?: string;
}

/** What else is known of a stage. */
export type StageMore = StageTimes & Pick<StageStatus, 'answers'>;

/** The three lists of findings that a run keeps. */
export type Findings = 'preflight' | 'verification' | 'proof';

/**
 * One go-live, as its phases see it: what they may say, ask and do, in the playbook's words. It imports nothing that does anything, so that everything may
 * import it; `go-live.ts` builds it.
 */
export interface Run {
  readonly input: GoLiveInput;
  /** Everything it knows. Each part is written by what it is about. */
  readonly state: RunState;
  /** Whether its plan is frozen. */
  readonly isOpen: boolean;
  /** Throws before it is open. */
  readonly plan: Plan;
  /** Empty before it is open. */
  readonly planHash: string;
  /** What commands and messages may name. */
  readonly values: Values;
  /** How many signals this run has taken. */
  signals: number;
  status(): GoLiveStatus;

  /** Goes on to this phase; `what` is its line of the timeline, the phase's name unless given. */
  enter(course: Course, what?: string): void;
  /** Is further on in its phase. Throws, as `enter` does, when something has stopped the way there meanwhile. */
  become(course: Course): void;
  /** A stage is elsewhere, or there is something new to say of it. `more`: when it can and has to leave that state, which versions answered. */
  stage(name: string, state: StageStatus['state'], detail?: string, more?: StageMore): void;
  /** Before each further step: no pause, no question about a trigger and no blindness stands in the way (design §4, §5). */
  mayGoOn(): Promise<void>;
  /** What only people can end, if the next step waits for it: a pause, a question about a trigger. */
  readonly waitsForPeople: string | undefined;
  /** Stops the way forward at once, whatever it is waiting for. The first stop stays the reason. `decidedAt`: epoch milliseconds, now when left out. */
  stop(stop: Omit<Stop, 'at'>, decidedAt?: number): void;
  /** Leaves what is going on because a person said so. Throws. */
  leave(decision: Decision): never;
  /** What a person may choose besides going on. */
  wayOut(): WayOut;
  /** Ends the run: nothing watches any more, and what was still being announced gets ten seconds. */
  end(outcome: Outcome, summary: string, table?: string): Promise<GoLiveResult>;

  /** A line of the timeline. */
  record(what: string): void;
  /** What was found, shown and on record. */
  find(list: Findings, ...findings: readonly Finding[]): void;
  /** A message that changes nothing now: it is shown, with why (design §4). */
  hasNoEffect(what: string): void;
  /** One of the playbook's messages (§6), to everyone, without waiting for it. */
  announce(event: Announced, said?: Said): void;
  /** Shows the status as it is now, in the UI. */
  show(): void;
  /** The same, and what can be read when no worker is there to ask. */
  changed(): void;

  /** Asks people, pages until someone answers, and returns the answer. Cancelling the scope it is in takes the question back. */
  ask<const Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>>;
  /**
   * The same for a question that ends by itself, without an answer, when it is `over`. An answer that was accepted counts, whatever came in the same moment.
   * @param reasonNow where the reason changes while it is open
   */
  askUntil<const Choice extends string>(
    hold: Hold<Choice>,
    over: () => boolean,
    reasonNow?: () => string,
  ): Promise<Decision<Choice> | undefined>;

  /** Asks on the way forward: the question is taken back when that ends. */
  askForward<const Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>>;

  readonly holds: HoldsPort;
  /** None can be run before it is open. */
  readonly commands: CommandsPort;
  readonly watches: WatchesPort;
  readonly triggers: TriggersPort;
  readonly steering: SteeringPort;
  readonly handover: HandoverPort;
  readonly supersession: SupersessionPort;
  readonly doubts: DoubtsPort;
  readonly restore: RestorePort;
  readonly deadMan: DeadManPort;
  readonly metrics: MetricsPort;
  /** Whether people are still being told something. */
  readonly isTelling: boolean;
}

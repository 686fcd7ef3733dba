import { log } from '@temporalio/workflow';
import type { Finding, GoLiveStatus, Outcome, Phase, Stop, TimelineEntry } from '../../domain/run/status.js';
import type { MadeOf } from '../../domain/metrics/measured.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import { Timeline, type CarriedTimeline } from '../../domain/run/timeline.js';

type CommandState = GoLiveStatus['commands'][number];

/** The plain facts of a run, as it hands them to the one it goes on as. */
export interface CarriedRecord {
  readonly phase: Phase;
  readonly since: string;
  readonly beganAt: string;
  readonly mayDeploy: boolean;
  readonly deploying: boolean;
  readonly preflight: readonly Finding[];
  readonly verification: readonly Finding[];
  readonly timeline: CarriedTimeline;
  readonly commandStates: readonly CommandState[];
  readonly ineffective: readonly TimelineEntry[];
  readonly baseline?: Shapes;
  readonly madeOf?: Readonly<Record<string, MadeOf>>;
}

const MOST_INEFFECTIVE = 5;

/** What is on record of a run: facts without any doing. */
export abstract class RunRecord {
  phase: Phase;
  /** When the phase began. */
  since: string;
  /** When the run itself began: one that goes on as a new run has begun with its first. */
  readonly beganAt: string;
  stop: Stop | undefined;
  outcome: Outcome | undefined;
  /** Preflight has passed: from here on nothing goes on without sight. */
  mayDeploy: boolean;
  /** True from the moment the first deploy command is decided: from then on a stop is a rollback. */
  deploying: boolean;
  readonly preflight: Finding[];
  readonly verification: Finding[];
  readonly proof: Finding[] = [];
  readonly timeline: Timeline;
  readonly commandStates: Map<string, CommandState>;
  ineffective: readonly TimelineEntry[];
  /** How the contracts answered before the deploy. */
  baseline: Shapes | undefined;
  /** What each metric check was made of before the deploy. */
  madeOf: Readonly<Record<string, MadeOf>> | undefined;
  /** A version that was live before a release is taken back and is neither of the two. */
  foundLive: string | undefined;

  constructor(beganAt: string, carried?: CarriedRecord) {
    this.phase = carried?.phase ?? 'preflight';
    this.since = carried?.since ?? beganAt;
    this.beganAt = carried?.beganAt ?? beganAt;
    this.mayDeploy = carried?.mayDeploy ?? false;
    this.deploying = carried?.deploying ?? false;
    this.preflight = [...(carried?.preflight ?? [])];
    this.verification = [...(carried?.verification ?? [])];
    this.timeline = new Timeline(carried?.timeline);
    this.commandStates = new Map((carried?.commandStates ?? []).map((each) => [nameOf(each), each]));
    this.ineffective = carried?.ineffective ?? [];
    this.baseline = carried?.baseline;
    this.madeOf = carried?.madeOf;
  }

  /** Only of a run that nothing stops. */
  get carriedRecord(): CarriedRecord {
    const { phase, since, beganAt, mayDeploy, deploying, preflight, verification, ineffective, baseline, madeOf } =
      this;
    return {
      phase,
      since,
      beganAt,
      mayDeploy,
      deploying,
      preflight,
      verification,
      timeline: this.timeline.carried,
      commandStates: [...this.commandStates.values()],
      ineffective,
      ...(baseline === undefined ? {} : { baseline }),
      ...(madeOf === undefined ? {} : { madeOf }),
    };
  }

  record(what: string): void {
    this.timeline.add(new Date().toISOString(), what);
    log.info(what, { phase: this.phase });
  }

  /** A message that changes nothing now: it is shown, with why (design §4). */
  hasNoEffect(what: string): void {
    this.record(what);
    this.ineffective = [...this.ineffective.slice(1 - MOST_INEFFECTIVE), { at: new Date().toISOString(), what }];
    this.show();
  }

  find(list: Finding[], ...findings: Finding[]): void {
    for (const finding of findings) {
      list.push(finding);
      this.record(`${finding.state} ${finding.name}: ${finding.detail}`);
    }
    this.show();
  }

  commandIs(state: Omit<CommandState, 'lastLine'> & Partial<CommandState>): void {
    const name = nameOf(state);
    this.record(`${name}: ${state.state}`);
    this.commandStates.set(name, { ...this.commandStates.get(name), lastLine: '', ...state });
    this.show();
  }

  /** Shows the status as it is now, in the UI. */
  abstract show(): void;
}

const nameOf = ({ step, generation }: { step: string; generation: number }) => `${step}.${generation}`;

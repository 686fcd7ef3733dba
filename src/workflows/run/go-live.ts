import {
  CancellationScope,
  CancelledFailure,
  condition,
  ContinueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { backupName } from '../../domain/backup/backup-name.js';
import type { Decision, Hold } from '../../domain/people/hold.js';
import type { Values } from '../../domain/plan/placeholders.js';
import {
  ended,
  goesForward,
  mayBecome,
  outcomeOf,
  phaseOf,
  stopOf,
  stopped,
  wayOut,
  whereText,
  type Course,
} from '../../domain/run/course.js';
import { reasonText, stopBy } from '../../domain/run/cause.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { Opening } from '../../domain/run/opening.js';
import { newState, type RunState } from '../../domain/run/run-state.js';
import { pendingStages, stoppedStages, withStage } from '../../domain/run/stages.js';
import { statusMarkdown } from '../../domain/run/status-markdown.js';
import type { Finding, GoLiveResult, GoLiveStatus, Outcome, StageStatus, Stop } from '../../domain/run/status.js';
import { calledAs } from '../../domain/text/as-called.js';
import { entriesOf, Timeline } from '../../domain/run/timeline.js';
import { deepest } from '../../domain/text/deepest.js';
import { Announcer } from '../announcing/announcer.js';
import { DeadMan } from '../announcing/dead-man.js';
import { Commands } from '../commands/commands.js';
import { Handover } from '../people/handover.js';
import { Holds } from '../people/holds.js';
import { Steering } from '../people/steering.js';
import { Supersession } from '../people/supersession.js';
import { beginsAt } from '../phases/beginning.js';
import { Doubts } from '../rollback/doubts.js';
import { Restore } from '../rollback/restore.js';
import { Triggers } from '../watching/triggers.js';
import { Watches } from '../watching/watches.js';
import type { Announced, Findings, Run, Said, StageMore } from './run.js';
import { note } from './evidence.js';
import { RunMetrics } from './run-metrics.js';
import { memoOf, resultOf, statusOf } from './run-status.js';
import { Stopped } from './stopped.js';
import { untilCancelled } from './until-cancelled.js';
import { ofThisRun } from './of-this-run.js';
import { label, remember } from './visibility.js';

const MOST_INEFFECTIVE = 5;

/** Builds a run: its state, and the classes that are about parts of it. What they are to each other they know by the ports of {@link Run}. */
export class GoLive implements Run {
  readonly state: RunState;
  // Made before there is an input and a state: they look at neither until they are asked for something.
  readonly announcer: Announcer = new Announcer(this);
  readonly holds: Holds = new Holds(this, this.announcer);
  readonly commands: Commands = new Commands(this);
  readonly watches: Watches = new Watches(this);
  readonly triggers: Triggers = new Triggers(this);
  readonly steering: Steering = new Steering(this);
  readonly handover: Handover = new Handover(this);
  readonly supersession: Supersession = new Supersession(this);
  readonly doubts: Doubts = new Doubts(this);
  readonly restore: Restore = new Restore(this);
  readonly deadMan: DeadMan = new DeadMan(this);
  readonly metrics: RunMetrics = new RunMetrics(this);
  signals = 0;
  readonly #timeline: Timeline;
  readonly #forward = new CancellationScope();
  #remembered = '';

  /** @param handedOver what the run before has handed over, if this one goes on with it */
  constructor(
    readonly input: GoLiveInput,
    handedOver?: RunState,
  ) {
    this.state = handedOver ?? newState(workflowInfo().startTime.toISOString(), input.decisionOwner);
    this.#timeline = new Timeline(this.state.timeline);
    const { firstExecutionRunId: firstRunId, continuedFromExecutionRunId: continuedFrom } = workflowInfo();
    note({ kind: 'run', input, firstRunId, ...(continuedFrom === undefined ? {} : { continuedFrom }) });
    if (handedOver?.opening) this.#notePlan(handedOver.opening);
    this.#place();
    if (!handedOver) return;
    this.#label();
    this.#remember();
    this.record('the history has grown long: continued as a new run');
    this.announcer.keepPromise();
  }

  get isOpen(): boolean {
    return this.state.opening !== undefined;
  }

  get plan() {
    if (!this.state.opening) throw new Error('The plan is not open yet.');
    return this.state.opening.plan;
  }

  get planHash(): string {
    return this.state.opening?.planHash ?? '';
  }

  get values(): Values {
    const { environment, release, previousRelease } = this.input;
    return { environment, release, previousRelease, backupName: backupName(new Date(beginsAt(this))) };
  }

  get isTelling(): boolean {
    return !this.announcer.isQuiet;
  }

  status(): GoLiveStatus {
    return statusOf(this);
  }

  open(opening: Opening): void {
    this.state.opening = opening;
    this.state.stages = pendingStages(opening.plan);
    this.#notePlan(opening);
    this.record(`plan ${opening.planHash} frozen`);
  }

  /** Runs the way forward until it is through, and returns what came of it, or something stops it. */
  async goForward<T>(way: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#forward.run(() => {
        const beside = [this.watches.tellBlindness(), this.triggers.followAlerts()];
        // They end with the way forward; a fault of theirs is one of it.
        return Promise.race([way(), ...beside.map(untilCancelled)]);
      });
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      this.#stopFor(stopFor(error));
      return undefined;
    } finally {
      this.#forward.cancel();
    }
  }

  enter(course: Course, what: string = phaseOf(course)): void {
    this.become(course);
    this.state.since = new Date().toISOString();
    this.record(what);
    this.#label();
    this.changed();
  }

  become(course: Course): void {
    if (!mayBecome(this.state.course, course)) throw endOfTheWay();
    if (goesForward(course)) this.#unlessStopped();
    this.state.course = course;
    note({ kind: 'course', course });
    this.#place();
  }

  stage(name: string, state: StageStatus['state'], detail?: string, more: StageMore = {}): void {
    const next = { name, state, ...(detail === undefined ? {} : { detail }), ...more };
    this.state.stages = withStage(this.state.stages, next, new Date().toISOString());
    note({ kind: 'stage', stage: next });
    this.show();
  }

  async mayGoOn(): Promise<void> {
    await condition(() => this.waitsForPeople === undefined && !this.watches.blocks);
    // Nobody is told of a step that doesn't come.
    this.#unlessStopped();
  }

  get waitsForPeople(): string | undefined {
    if (this.state.paused) return `paused by ${this.state.paused.by}`;
    return this.triggers.blocks ? 'a question about a trigger is open' : undefined;
  }

  stop(stop: Omit<Stop, 'at'>, decidedAt?: number): void {
    const { course } = this.state;
    if (course.is === 'superseded')
      return this.hasNoEffect(`${stop.by} (${stop.reason}) ignored: ${course.by.release} has superseded this release`);
    if (!goesForward(course)) return;
    this.#stopFor(stop, decidedAt);
    this.#forward.cancel();
  }

  leave(decision: Decision): never {
    throw new Stopped(stopBy(decision));
  }

  wayOut() {
    return wayOut(this.state.course);
  }

  async end(outcome: Outcome, summary: string, table?: string): Promise<GoLiveResult> {
    this.watches.endAll();
    this.handover.end();
    this.deadMan.end();
    this.enter(ended(this.state.course, outcome), `${outcome}: ${summary}`);
    this.metrics.ended(outcome);
    // The end never shares a workflow task with the answer to an update: if something arrives meanwhile, the server throws both away. What is being said since
    // this task is over in a later one; else a timer is.
    if (!this.announcer.saysNow) await sleep(1, { summary: 'the answers first' });
    await this.announcer.finished();
    const result = resultOf(this, outcome, summary, table);
    note({ kind: 'end', result, status: this.status() });
    return result;
  }

  record(what: string): void {
    this.#timeline.add(new Date().toISOString(), what);
    note({ kind: 'line', what });
    log.info(what, { phase: phaseOf(this.state.course) });
  }

  find(list: Findings, ...findings: readonly Finding[]): void {
    this.state[list] = [...this.state[list], ...findings];
    for (const { state, name, detail } of findings) this.record(`${state} ${name}: ${detail}`);
    this.show();
  }

  hasNoEffect(what: string): void {
    const { state } = this;
    this.record(what);
    state.ineffective = [...state.ineffective.slice(1 - MOST_INEFFECTIVE), { at: new Date().toISOString(), what }];
    this.show();
  }

  announce(event: Announced, said?: Said): void {
    this.announcer.announce(event, said);
  }

  show(): void {
    const { commandLine } = this.isOpen ? this.plan : {};
    setCurrentDetails(
      statusMarkdown(this.status(), entriesOf(this.state.timeline), commandLine && calledAs(commandLine)),
    );
  }

  changed(): void {
    this.#remember();
    this.show();
  }

  ask<const Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>> {
    return this.holds.ask(hold);
  }

  askUntil<const Choice extends string>(
    hold: Hold<Choice>,
    over: () => boolean,
    reasonNow?: () => string,
  ): Promise<Decision<Choice> | undefined> {
    return this.holds.askUntil(hold, over, reasonNow);
  }

  askForward<const Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>> {
    return this.#forward.run(() => this.holds.ask(hold));
  }

  /** A stop, or a cancelled workflow, may come in the very moment in which a step or a wait ends. Throws then. */
  #unlessStopped(): void {
    if (!goesForward(this.state.course) || CancellationScope.current().consideredCancelled) throw endOfTheWay();
  }

  #stopFor(stop: Omit<Stop, 'at'>, decidedAt = Date.now()): void {
    const { state } = this;
    if (!goesForward(state.course)) return;
    this.metrics.decided(decidedAt);
    const at = new Date().toISOString();
    state.course = stopped(state.course, { ...stop, at });
    note({ kind: 'stop', stop: { ...stop, at } });
    this.#place();
    state.stages = stoppedStages(state.stages, at);
    this.record(`stopped by ${stop.by}: ${reasonText(stop)}`);
    this.show();
  }

  #notePlan({ planHash: hash, plan }: Opening): void {
    note({ kind: 'plan', hash, plan });
  }

  /** What the rows of the UI's timeline begin with. */
  #place(): void {
    const { course } = this.state;
    const stop = stopOf(course);
    const because = stop && `${stop.by}: ${reasonText(stop)}`;
    Object.assign(ofThisRun(), { where: whereText(course), because });
  }

  #label(): void {
    const { environment, release } = this.input;
    const { course, opening } = this.state;
    label(opening?.searchAttributes ?? [], {
      GoLiveEnvironment: environment,
      GoLiveOutcome: outcomeOf(course),
      GoLivePhase: course.is === 'ended' ? course.outcome : phaseOf(course),
      GoLiveRelease: release,
    });
  }

  #remember(): void {
    const memo = memoOf(this);
    // Each is an event of the history.
    const text = JSON.stringify(memo);
    if (text !== this.#remembered) remember(memo);
    this.#remembered = text;
  }
}

const endOfTheWay = () => new CancelledFailure('the way forward has ended');

/** What an error on the way forward says of its end. */
function stopFor(error: unknown): Omit<Stop, 'at'> {
  if (error instanceof Stopped) return error.stop;
  if (isCancellation(error))
    return { kind: 'abort', reason: 'the workflow was cancelled', by: 'temporal workflow cancel' };
  return { kind: 'failure', reason: `golive could not continue: ${deepest(error)}`, by: 'golive' };
}

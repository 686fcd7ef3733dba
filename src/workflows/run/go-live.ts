import {
  CancellationScope,
  condition,
  ContinueAsNew,
  isCancellation,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Opening } from '../../activities/opening.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import { isExternal } from '../../domain/plan/playbook/trigger.js';
import type { GoLiveResult, GoLiveStatus, Outcome, Phase, StageStatus, Stop } from '../../domain/run/status.js';
import { statusMarkdown } from '../../domain/run/status-markdown.js';
import type { Decision } from '../../domain/people/hold.js';
import type { Announcer, Said } from '../announcing/announcer.js';
import { announcerFor } from '../announcing/announcer-for.js';
import { Beginning } from '../phases/beginning.js';
import type { CarriedOver } from './carry-over.js';
import { backupName } from '../../domain/backup/backup-name.js';
import { deepest } from '../../domain/text/deepest.js';
import { Commands, type WayOut } from '../commands/commands.js';
import { DeadMan } from '../announcing/dead-man.js';
import { Handover } from '../people/handover.js';
import { Restore } from '../rollback/restore.js';
import { Holds } from '../people/holds.js';
import { Hypercare } from '../hypercare/hypercare.js';
import { label, remember } from './visibility.js';
import { RunRecord } from './run-record.js';
import { resultOf, statusOf } from './run-status.js';
import { Stages } from './stages.js';
import { Steering } from '../people/steering.js';
import { Stopped } from './stopped.js';
import { Supersession } from '../people/supersession.js';
import { Triggers } from '../watching/triggers.js';
import { untilCancelled } from './until-cancelled.js';
import { Watches } from '../watching/watches.js';

/** A history of so many events goes on as a new run though a post is still being tried: the server ends one of 51,200. */
const TOO_LONG = 20_000;

/** The state of one go-live, and what its phases share: saying what happens, asking people, running commands, watching. */
export class GoLive extends RunRecord {
  readonly holds: Holds;
  readonly watching: Watches;
  readonly triggers: Triggers;
  readonly steering: Steering;
  readonly beginning: Beginning;
  readonly handover: Handover;
  readonly supersession = new Supersession(this);
  readonly deadMan: DeadMan;
  stages: Stages | undefined;
  readonly announcer: Announcer;
  readonly restore: Restore;
  readonly hypercare: Hypercare;
  /** How many signals this run has taken. */
  signals = 0;
  #opening: Opening | undefined;
  #commands: Commands | undefined;
  readonly #forward = new CancellationScope();
  #remembered = '';

  constructor(
    readonly input: GoLiveInput,
    carried?: CarriedOver,
  ) {
    super(workflowInfo().startTime.toISOString(), carried?.record);
    this.announcer = announcerFor(this, () => this.show(), carried?.announcements);
    this.beginning = new Beginning(this, carried?.beginning);
    this.handover = new Handover(this, carried?.handover);
    this.deadMan = new DeadMan(this, carried?.deadMan);
    this.restore = new Restore(this, carried?.backup);
    this.hypercare = new Hypercare(this, carried?.hypercare);
    this.holds = new Holds({
      pages: (hold) => this.announcer.pages(hold),
      record: (what) => this.record(what),
      changed: () => this.changed(),
      // Segments that were long because nothing could go on end when something can.
      answered: () => this.watching.hurry(),
    });
    const telling = {
      record: (what: string) => this.record(what),
      hasNoEffect: (what: string) => this.hasNoEffect(what),
      changed: () => this.show(),
    };
    this.watching = new Watches(
      {
        holds: this.holds,
        plan: () => this.plan,
        planHash: () => this.planHash,
        values: () => this.values,
        baseline: () => this.baseline,
        madeOf: () => this.madeOf,
        phase: () => this.phase,
        needsSight: () => this.mayDeploy && !this.stop && this.phase !== 'ended',
        pausedFor: () => this.steering.pausedFor(),
        hypercare: this.hypercare,
        hostQueue: () => this.#commands?.host,
        wayOut: () => this.wayOut(),
        leave: ({ by, reason }) => this.requestStop({ kind: 'decision', by, reason }),
        fired: (firing) => this.triggers.fire(firing),
        ...telling,
      },
      carried?.watching,
    );
    this.triggers = new Triggers(
      {
        // Until it begins nothing fires; what still does then, does then.
        plan: () => (this.phase === 'scheduled' ? undefined : this.#opening?.plan),
        listens: () => this.stop === undefined && !this.isOver,
        ask: (hold) => this.#forward.run(() => this.holds.ask(hold)),
        wayOut: () => this.wayOut(),
        foreign: () => this.hypercare.foreign,
        hasFired: (firing) => this.hypercare.hasFired(firing),
        stop: (stop) => this.requestStop(stop),
        ...telling,
      },
      carried?.triggers,
    );
    this.steering = new Steering({
      noStepLeft: () => (this.stop || this.isOver ? 'it is being stopped' : undefined),
      soaking: () => this.#soaking(),
      hurry: () => this.watching.hurry(),
      ...telling,
    });
  }

  get plan(): Plan {
    if (!this.#opening) throw new Error('The plan is not open yet.');
    return this.#opening.plan;
  }

  get isOpen(): boolean {
    return this.#opening !== undefined;
  }

  /** Nothing is left to stop. */
  get isOver(): boolean {
    return this.phase === 'ended' || this.supersession.by !== undefined;
  }

  get decisionOwner(): string {
    return this.handover.owner;
  }

  /** What people see of it is not what it was. */
  changed(): void {
    this.#remember();
    this.show();
  }

  get planHash(): string {
    return this.#opening?.planHash ?? '';
  }

  get commands(): Commands {
    if (!this.#commands) throw new Error('The plan is not open yet.');
    return this.#commands;
  }

  /** What commands and messages may name. */
  get values(): Values {
    const { environment, release, previousRelease } = this.input;
    return { environment, release, previousRelease, backupName: backupName(new Date(this.beginning.at)) };
  }

  open(opening: Opening, carried?: Pick<CarriedOver, 'stages' | 'commands'>): void {
    this.#opening = opening;
    this.stages = new Stages(opening.plan, carried?.stages);
    this.#commands = new Commands(
      {
        plan: opening.plan,
        planHash: opening.planHash,
        values: () => this.values,
        wayOut: () => this.wayOut(),
        ask: (hold) => this.holds.ask(hold),
        askUntil: (hold, over) => this.holds.askUntil(hold, over),
        leave: (decision) => this.leave(decision),
        report: (state) => this.commandIs(state),
      },
      carried?.commands,
    );
    if (!carried) return this.record(`plan ${opening.planHash} frozen`);
    this.#label();
    this.#remember();
    this.record('the history has grown long: continued as a new run');
  }

  /** Runs the way forward until it is through or something stops it. Afterwards `stop` says what. */
  async goForward(way: () => Promise<void>): Promise<void> {
    try {
      await this.#forward.run(() => {
        const beside = [this.watching.tellBlindness(), this.triggers.followAlerts()];
        // They end with the way forward; a fault of theirs is one of it.
        return Promise.race([way(), ...beside.map(untilCancelled)]);
      });
    } catch (error) {
      if (error instanceof Stopped) this.#stopFor(error.stop);
      else if (error instanceof ContinueAsNew) throw error;
      else if (isCancellation(error))
        this.#stopFor({ kind: 'abort', reason: 'the workflow was cancelled', by: 'temporal workflow cancel' });
      else this.#stopFor({ kind: 'failure', reason: `golive could not continue: ${deepest(error)}`, by: 'golive' });
    } finally {
      this.#forward.cancel();
    }
  }

  /** Stops the way forward at once, whatever it is waiting for. The first stop stays the reason. */
  requestStop(stop: Omit<Stop, 'at'>): void {
    if (this.stop || this.phase === 'ended') return;
    if (this.supersession.by)
      return this.hasNoEffect(
        `${stop.by} (${stop.reason}) ignored: ${this.supersession.by.release} has superseded this release`,
      );
    this.#stopFor(stop);
    this.#forward.cancel();
  }

  wayOut(): WayOut {
    if (this.stop && !this.deploying) return 'end-anyway';
    return this.phase === 'rolling-back' ? 'take-over' : this.deploying ? 'roll-back' : 'reject';
  }

  leave(decision: Pick<Decision, 'by' | 'choice' | 'reason'>): never {
    throw new Stopped({ kind: 'decision', reason: decision.reason, by: decision.by });
  }

  enter(phase: Phase, what: string = phase): void {
    this.phase = phase;
    this.since = new Date().toISOString();
    if (phase === 'hypercare') this.hypercare.begin();
    this.record(what);
    this.#label();
    this.#remember();
    this.show();
  }

  stage(name: string, state: StageStatus['state'], detail?: string): void {
    this.stages?.set(name, state, detail);
    this.show();
  }

  /** One of the playbook's messages (§6), to everyone, without waiting for it. */
  announce(event: Parameters<Announcer['announce']>[0], said: Said = {}): void {
    this.announcer.announce(event, said);
  }

  /** Contracts and integrity are watched from the first deploy on: before it nothing has changed. */
  watchRules(): void {
    if (!this.watching.watchesRules) this.watching.rules();
  }

  /** What only people can end, if the next step waits for it: a pause, a question about a trigger. */
  get waitsForPeople(): string | undefined {
    if (this.steering.paused) return `paused by ${this.steering.paused.by}`;
    return this.triggers.blocks ? 'a question about a trigger is open' : undefined;
  }

  /** Nothing is asked, said, run or about to fire: a good moment to go on as a new run. */
  isQuiet(): boolean {
    const { holds, announcer, triggers, steering, watching } = this;
    const asked = holds.open.length > 0 || triggers.blocks || steering.paused !== undefined;
    return (
      this.phase === 'hypercare' &&
      !this.stop &&
      !asked &&
      (announcer.isQuiet || workflowInfo().historyLength > TOO_LONG) &&
      this.#commands?.inFlight === undefined &&
      watching.isClean() &&
      !watching.counts
    );
  }

  /** What a run in quiet hypercare hands to the one it goes on as. */
  get carried(): CarriedOver {
    if (!this.#opening) throw new Error('The plan is not open yet.');
    return {
      opening: this.#opening,
      record: this.carriedRecord,
      stages: this.stages?.all ?? [],
      commands: this.commands.carried,
      watching: this.watching.carried,
      triggers: this.triggers.carried,
      announcements: this.announcer.carried,
      beginning: this.beginning.carried,
      handover: this.handover.carried,
      deadMan: this.deadMan.carried,
      hypercare: this.hypercare.carried,
      ...(this.restore.backup ? { backup: this.restore.backup } : {}),
    };
  }

  /** Before each further step: no pause, no question about a trigger and no blindness stands in the way (design §4, §5), and `isSo` at that very moment. */
  async mayGoOn(isSo = () => true): Promise<void> {
    await condition(() => this.waitsForPeople === undefined && !this.watching.blocks && isSo());
  }

  /** Ends the run: nothing watches any more, and what was still being announced gets ten seconds. */
  async end(outcome: Outcome, summary: string, table?: string): Promise<GoLiveResult> {
    this.watching.endAll();
    this.handover.end();
    this.deadMan.end();
    this.outcome = outcome;
    this.enter('ended', `${outcome}: ${summary}`);
    // The end never shares a workflow task with the answer to an update: if something arrives meanwhile, the server throws both away. What is being said since
    // this task is over in a later one; else a timer is.
    if (!this.announcer.saysNow) await sleep(1, { summary: 'the answers first' });
    await this.announcer.finished();
    return resultOf(this, outcome, summary, table);
  }

  status(): GoLiveStatus {
    return statusOf(this);
  }

  #stopFor(stop: Omit<Stop, 'at'>): void {
    if (this.stop || this.supersession.by) return;
    this.stop = { ...stop, at: new Date().toISOString() };
    this.record(`stopped by ${stop.by}: ${stop.reason}`);
    this.stages?.stop();
    this.show();
  }

  #soaking(): { stage: string; asked: boolean } | undefined {
    const stage = this.stages?.soaking;
    return this.phase === 'soaking' && stage !== undefined
      ? { stage, asked: this.holds.open.some(({ id }) => id === `soak-${stage}`) }
      : undefined;
  }

  #label(): void {
    const { environment, release } = this.input;
    label(this.#opening?.searchAttributes ?? [], {
      GoLiveEnvironment: environment,
      GoLivePhase: this.outcome ?? this.phase,
      GoLiveRelease: release,
    });
  }

  /** What `golive status` can still read when no worker is there to ask. */
  get memo() {
    const { phase, stop } = this;
    const host = this.#commands?.host;
    const holds = this.holds.open.map(({ id, reason, choices }) => ({ id, reason, choices }));
    const { release, previousRelease } = this.input;
    return {
      phase,
      holds,
      decisionOwner: this.decisionOwner,
      since: this.since,
      release,
      previousRelease,
      ...(this.#opening
        ? {
            planHash: this.planHash,
            externalTriggers: this.plan.triggers.filter(isExternal).map(({ name }) => name),
          }
        : {}),
      ...(host === undefined ? {} : { host }),
      ...(stop ? { stop } : {}),
      ...(this.outcome ? { outcome: this.outcome } : {}),
    };
  }

  #remember(): void {
    const state = this.memo;
    // Each is an event of the history.
    const text = JSON.stringify(state);
    if (text !== this.#remembered) remember(state);
    this.#remembered = text;
  }

  /** Shows the status as it is now, in the UI. */
  show(): void {
    setCurrentDetails(statusMarkdown(this.status()));
  }
}

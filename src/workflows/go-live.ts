import { CancellationScope, condition, isCancellation, log, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Opening } from '../activities/opening.js';
import { readSaidBy } from '../domain/said-by.js';
import type { GoLiveInput } from '../domain/input.js';
import { fill, type Values } from '../domain/placeholders.js';
import type { Plan } from '../domain/plan.js';
import type { Finding, GoLiveResult, GoLiveStatus, Outcome, Phase, StageStatus, Stop, TimelineEntry } from '../domain/status.js';
import type { Shapes } from '../domain/shape.js';
import { Timeline } from '../domain/timeline.js';
import { statusMarkdown } from '../domain/status-markdown.js';
import type { Decision } from '../domain/hold.js';
import { Announcer } from './announcer.js';
import { backupName } from '../domain/backup-name.js';
import { deepest } from '../domain/deepest.js';
import { Commands, type WayOut } from './commands.js';
import { Holds } from './holds.js';
import { Hypercare } from './hypercare.js';
import { label, remember } from './visibility.js';
import type { AbortAnswer } from './messages.js';
import { resultOf, statusOf } from './run-status.js';
import { Stages } from './stages.js';
import { Steering } from './steering.js';
import { Stopped } from './stopped.js';
import { Triggers } from './triggers.js';
import { untilCancelled } from './until-cancelled.js';
import type { Watch } from './watch.js';
import { Watching } from './watching.js';

const MOST_INEFFECTIVE = 5;

/** The state of one go-live, and what its phases share: saying what happens, asking people, running commands, watching. */
export class GoLive {
  phase: Phase = 'preflight';
  stop: Stop | undefined;
  /** Preflight has passed: from here on nothing goes on without sight. */
  mayDeploy = false;
  /** True from the moment the first deploy command is decided: from then on a stop is a rollback. */
  deploying = false;
  readonly preflight: Finding[] = [];
  readonly verification: Finding[] = [];
  readonly proof: Finding[] = [];
  readonly timeline = new Timeline();
  readonly holds: Holds;
  readonly watching: Watching;
  readonly triggers: Triggers;
  readonly steering: Steering;
  stages: Stages | undefined;
  readonly commandStates = new Map<string, GoLiveStatus['commands'][number]>();
  readonly announcer = new Announcer((what) => this.record(what));
  /** When the phase began. */
  since = new Date().toISOString();
  ineffective: readonly TimelineEntry[] = [];
  outcome: Outcome | undefined;
  readonly hypercare = new Hypercare(this);
  /** How the contracts answered before the deploy. */
  baseline: Shapes | undefined;
  #rules: Watch | undefined;
  #opening: Opening | undefined;
  #commands: Commands | undefined;
  readonly #forward = new CancellationScope();

  constructor(readonly input: GoLiveInput) {
    this.holds = new Holds({
      environment: input.environment,
      pageAgain: () => this.#opening?.plan.holds.pageAgain ?? 600_000,
      page: (text) => this.announcer.say('page', text),
      record: (what) => this.record(what),
      changed: () => {
        this.#remember();
        this.#show();
      },
      // Segments that were long because nothing could go on end when something can.
      answered: () => this.watching.hurry(),
    });
    const telling = { record: (what: string) => this.record(what), hasNoEffect: (what: string) => this.hasNoEffect(what), changed: () => this.#show() };
    this.watching = new Watching({
      holds: this.holds,
      plan: () => this.plan,
      planHash: () => this.planHash,
      values: () => this.values,
      baseline: () => this.baseline,
      phase: () => this.phase,
      needsSight: () => this.mayDeploy && !this.stop && this.phase !== 'ended',
      pausedFor: () => this.steering.pausedFor(),
      hypercare: this.hypercare,
      hostQueue: () => this.#commands?.host,
      wayOut: () => this.wayOut(),
      leave: ({ by, reason }) => this.requestStop({ kind: 'decision', by, reason }),
      fired: (firing) => this.triggers.fire(firing),
      ...telling,
    });
    this.triggers = new Triggers({
      plan: () => this.#opening?.plan,
      listens: () => this.stop === undefined && this.phase !== 'ended',
      ask: (hold) => this.#forward.run(() => this.holds.ask(hold)),
      wayOut: () => this.wayOut(),
      foreign: () => this.hypercare.foreign,
      hasFired: (firing) => this.hypercare.hasFired(firing),
      stop: (stop) => this.requestStop(stop),
      ...telling,
    });
    this.steering = new Steering({
      noStepLeft: () => (this.stop || this.phase === 'ended' ? 'it is being stopped' : undefined),
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
    return { environment, release, previousRelease, backupName: backupName(workflowInfo().startTime) };
  }

  open(opening: Opening): void {
    this.#opening = opening;
    this.stages = new Stages(opening.plan);
    this.#commands = new Commands({
      plan: opening.plan,
      planHash: opening.planHash,
      values: this.values,
      wayOut: () => this.wayOut(),
      ask: (hold) => this.holds.ask(hold),
      leave: (decision) => this.leave(decision),
      report: ({ step, generation, state, ...rest }) => {
        const name = `${step}.${generation}`;
        this.record(`${name}: ${state}`);
        this.commandStates.set(name, { ...this.commandStates.get(name), step, generation, lastLine: '', ...rest, state });
        this.#show();
      },
    });
    this.record(`plan ${opening.planHash} frozen`);
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
      else if (isCancellation(error)) this.#stopFor({ kind: 'abort', reason: 'the workflow was cancelled', by: 'temporal workflow cancel' });
      else this.#stopFor({ kind: 'failure', reason: `golive could not go on: ${deepest(error)}`, by: 'golive' });
    } finally {
      this.#forward.cancel();
    }
  }

  /** An abort, by signal or update, with whatever payload. */
  abort(payload: unknown): AbortAnswer {
    const request = readSaidBy(payload);
    const inFlight = this.#commands?.inFlight ? { inFlight: this.#commands.inFlight.step } : {};
    if (this.phase === 'ended' || this.phase === 'rolling-back' || this.stop) {
      // The command line sends the update and, where nobody answers it, the signal too: one request, told once.
      if (this.stop?.kind === 'abort' && this.stop.reason === request.reason && this.stop.by === request.by) return { accepted: true, phase: this.phase, ...inFlight, next: 'it is being stopped' };
      const next = this.phase === 'ended' ? 'this go-live has ended; nothing is left to abort' : `it is already being stopped: ${this.stop?.reason}`;
      this.hasNoEffect(`abort by ${request.by} (${request.reason}) changes nothing: ${next}`);
      return { accepted: false, phase: this.phase, ...inFlight, next };
    }
    const phase = this.phase;
    this.requestStop({ kind: 'abort', ...request });
    return { accepted: true, phase, ...inFlight, next: this.deploying ? `rollback to ${this.input.previousRelease} starts now` : 'the go-live ends; nothing was deployed' };
  }

  /** Stops the way forward at once, whatever it is waiting for. The first stop stays the reason. */
  requestStop(stop: Omit<Stop, 'at'>): void {
    if (this.stop || this.phase === 'ended') return;
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
    const { environment, release } = this.input;
    label(this.#opening?.searchAttributes ?? [], { GoLiveEnvironment: environment, GoLivePhase: this.outcome ?? phase, GoLiveRelease: release });
    this.#remember();
    this.#show();
  }

  stage(name: string, state: StageStatus['state'], detail?: string): void {
    this.stages?.set(name, state, detail);
    this.#show();
  }

  find(list: Finding[], ...findings: Finding[]): void {
    for (const finding of findings) {
      list.push(finding);
      this.record(`${finding.state} ${finding.name}: ${finding.detail}`);
    }
    this.#show();
  }

  record(what: string): void {
    this.timeline.add(new Date().toISOString(), what);
    log.info(what, { phase: this.phase });
  }

  /** A message that changes nothing now: it is shown, with why (design §4). */
  hasNoEffect(what: string): void {
    this.record(what);
    this.ineffective = [...this.ineffective.slice(1 - MOST_INEFFECTIVE), { at: new Date().toISOString(), what }];
    this.#show();
  }

  /** One of the playbook's messages (§6), to everyone, without waiting for it. */
  announce(message: keyof Plan['messages'], reason = ''): void {
    const { service } = this.plan;
    this.announcer.say('message', fill(this.plan.messages[message].text, { ...this.values, service, decisionOwner: this.input.decisionOwner, reason, detail: reason }));
  }

  /** Contracts and integrity are watched from the first deploy on: before it nothing has changed. */
  watchRules(): void {
    this.#rules ??= this.watching.rules();
  }

  /** What only people can end, if the next step waits for it: a pause, a question about a trigger. */
  get waitsForPeople(): string | undefined {
    if (this.steering.paused) return `paused by ${this.steering.paused.by}`;
    return this.triggers.blocks ? 'a question about a trigger is open' : undefined;
  }

  /** Before each further step: no pause, no question about a trigger and no blindness stands in the way (design §4, §5), and `isSo` at that very moment. */
  async mayGoOn(isSo = () => true): Promise<void> {
    await condition(() => this.waitsForPeople === undefined && !this.watching.blocks && isSo());
  }

  /** Ends the run: nothing watches any more, and what was still being announced gets ten seconds. */
  async end(outcome: Outcome, summary: string, table?: string): Promise<GoLiveResult> {
    this.watching.endAll();
    this.outcome = outcome;
    this.enter('ended', `${outcome}: ${summary}`);
    // The end never shares a workflow task with the answer to an update: if something arrives meanwhile, the server throws both away.
    await sleep(1, { summary: 'the answers first' });
    await this.announcer.finished();
    return resultOf(this, outcome, summary, table);
  }

  status(): GoLiveStatus {
    return statusOf(this);
  }

  #stopFor(stop: Omit<Stop, 'at'>): void {
    if (this.stop) return;
    this.stop = { ...stop, at: new Date().toISOString() };
    this.record(`stopped by ${stop.by}: ${stop.reason}`);
    this.stages?.stop();
    this.#show();
  }

  #soaking(): { stage: string; asked: boolean } | undefined {
    const stage = this.stages?.soaking;
    return this.phase === 'soaking' && stage !== undefined ? { stage, asked: this.holds.open.some(({ id }) => id === `soak-${stage}`) } : undefined;
  }

  #remember(): void {
    const { phase, stop } = this;
    const host = this.#commands?.host;
    const holds = this.holds.open.map(({ id, reason, choices }) => ({ id, reason, choices }));
    const { release, previousRelease } = this.input;
    remember({ phase, holds, since: this.since, release, previousRelease, ...(host === undefined ? {} : { host }), ...(stop ? { stop } : {}), ...(this.outcome ? { outcome: this.outcome } : {}) });
  }

  #show(): void {
    setCurrentDetails(statusMarkdown(this.status()));
  }
}

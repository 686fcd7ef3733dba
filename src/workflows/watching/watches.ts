import { condition, workflowInfo } from '@temporalio/workflow';
import { blindText, gapTexts, latest } from '../../domain/watching/blind-text.js';
import type { Values } from '../../domain/plan/placeholders.js';
import { paceAt } from '../../domain/hypercare/hypercare-windows.js';
import type { LiveVersion } from '../../domain/hypercare/heard-version.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Stage } from '../../domain/plan/playbook.js';
import { isRule } from '../../domain/plan/playbook/check.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import type { Blindness, Phase } from '../../domain/run/status.js';
import type { MadeOf } from '../../domain/metrics/measured.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import { oneLook, segmentLength } from '../../domain/watching/segment-length.js';
import { checkStatus, type CheckStatus } from '../../domain/watching/check-status.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import { SERVICE, unseen, type Firing, type Segment, type TargetState } from '../../domain/watching/segment.js';
import { checksAt } from '../../domain/watching/checks-at.js';
import { watching } from '../activities.js';
import type { Holds } from '../people/holds.js';
import type { BlindCheck } from '../../domain/watching/watch-state.js';
import { Watch, type CarriedWatch } from './watch.js';

interface Surroundings {
  readonly holds: Holds;
  plan(): Plan;
  planHash(): string;
  values(): Values;
  /** What the contracts answered before the deploy. */
  baseline(): Shapes | undefined;
  madeOf(): Readonly<Record<string, MadeOf>> | undefined;
  phase(): Phase;
  /** Whether blindness is a question to people now. */
  needsSight(): boolean;
  /** For how many milliseconds the run has been paused. */
  pausedFor(): number;
  readonly hypercare: {
    readonly elapsed: number;
    readonly live: LiveVersion;
    seen(segment: Segment, seenTo: number): void;
  };
  /** The queue of the host that has the checkouts. */
  hostQueue(): string | undefined;
  /** What a person may choose besides going on. */
  wayOut(): string;
  leave(decision: { by: string; reason: string }): void;
  fired(firing: Firing): void;
  record(what: string): void;
  changed(): void;
}

export interface CarriedWatches {
  readonly watches: readonly CarriedWatch[];
  readonly gaps: readonly Blindness[];
  readonly accepted: readonly string[];
}

/** A segment that is wanted now hears of it with its next heartbeat. In the calm of hypercare, where a thousand of them may run, these come rarely. */
const BEAT_MS = 250;
const CALM_BEAT_MS = 3_000;
const NEAR_END_MS = 60_000;
const RULES = 'rules';

/** Everything that is watched beside the way forward, and what people are told when nobody sees. */
export class Watches {
  /** When something will be decided next, in epoch milliseconds: no segment of watching runs past it. */
  nextMoment: number | undefined;
  /** Grows with each report of a watch. */
  reports = 0;
  #watches: Watch[] = [];
  #gaps: Blindness[];
  /** Checks that people go on without. */
  readonly #accepted: Set<string>;

  constructor(
    private readonly around: Surroundings,
    { gaps, accepted }: Pick<CarriedWatches, 'gaps' | 'accepted'> = { gaps: [], accepted: [] },
  ) {
    this.#gaps = [...gaps];
    this.#accepted = new Set(accepted);
  }

  get carried(): CarriedWatches {
    return { watches: this.#watches.map((watch) => watch.carried), gaps: this.#gaps, accepted: [...this.#accepted] };
  }

  /** Goes on with the watches of the run before. Returns that of the service. */
  takeUp(watches: CarriedWatches['watches']): Watch | undefined {
    return watches
      .map((each) => this.#start(new Watch(each, this.#surroundings(each.name === RULES, each.name === SERVICE))))
      .find(({ name }) => name === SERVICE);
  }

  /** Every watch ends with a report of now. */
  async handOver(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.handOver()));
  }

  /** They go on after all. */
  goOn(): void {
    this.#watches.forEach((watch) => watch.start());
  }

  /** The whole service: its probes and its metrics. */
  service(): Watch | undefined {
    return this.#begin(SERVICE, [SERVICE], 0, true);
  }

  /** A stage's own addresses; what has just been deployed gets as long for its first readings as for its first answer. */
  stage({ name, targets, answersWithin }: Stage): Watch | undefined {
    return this.#begin(
      name,
      targets.map((target) => target.name),
      answersWithin,
    );
  }

  /** Contracts and integrity, on the host that has the checkouts; nothing when the playbook checks neither. */
  rules(): Watch | undefined {
    const checks = this.around.plan().checks.filter(isRule);
    return checks.length === 0 || this.around.hostQueue() === undefined
      ? undefined
      : this.#start(
          new Watch({ name: RULES, watched: { states: unseen(checks, [SERVICE]) } }, this.#surroundings(true)),
        );
  }

  get watchesRules(): boolean {
    return this.#watches.some(({ name }) => name === RULES);
  }

  /** Whether a breach clock runs. */
  get counts(): boolean {
    return this.#watches.some((watch) => watch.clocks().length > 0);
  }

  end(watch: Watch): void {
    watch.stop();
    this.#watches = this.#watches.filter((each) => each !== watch);
  }

  endAll(): void {
    this.#gaps = this.blindness().map((each) => ({ ...each, to: each.to ?? iso(Date.now()) }));
    this.#watches.forEach((watch) => watch.stop());
    this.#watches = [];
  }

  /** Segments that were long because nothing could go on end when something can. */
  hurry(): void {
    this.#watches.forEach((watch) => watch.hurry());
  }

  /** Asks for a look at every probe and metric from now on, and for its report: contracts and integrity take longer, and report what they have seen. */
  lookAgain(): void {
    const checks = this.around.plan().checks.filter((check) => !isRule(check));
    if (checks.length > 0) this.nextMoment = Date.now() + oneLook(checks);
    for (const watch of this.#watches)
      if (watch.name === RULES) watch.hurry();
      else watch.lookAgain();
  }

  /** Whether every watch has reported after this moment, in epoch milliseconds, or is overdue. */
  heardSince(moment: number): boolean {
    return this.#watches.every((watch) => watch.heardSince(moment));
  }

  /** Whether the service's watch hears which version is live. */
  get hears(): boolean {
    return this.#watches.some(({ name }) => name === SERVICE);
  }

  get sights() {
    return this.#watches.map((watch) => watch.sight);
  }

  /** Whether blindness stands in the way of the next step. */
  get blocks(): boolean {
    return this.#unaccepted().length > 0;
  }

  /** What isn't clean, in words. */
  unclean(): string[] {
    return this.#standing(({ standing }) => standing !== 'clean' && standing !== 'idle');
  }

  /** What was bad when it was last looked at, in words. */
  failing(): string[] {
    return this.#standing(({ standing }) => standing === 'failing');
  }

  isClean(): boolean {
    return this.#watches.every((watch) => watch.isClean());
  }

  /** Each check as it was last reported. */
  seen(): ReportedCheck[] {
    return this.#watches.flatMap((watch) => watch.seen());
  }

  checks(): CheckStatus[] {
    const now = Date.now();
    return this.#watches.flatMap((watch) =>
      watch.states.map((state) => checkStatus(this.around.plan(), state, watch.clocks(), now)),
    );
  }

  /** What was blind from when to when, and what is. */
  blindness(): Blindness[] {
    return [
      ...this.#gaps,
      ...this.#blind().map(({ check, target, since, why }) => ({ check, target, from: iso(since), why })),
    ];
  }

  /**
   * Blindness is a question to people that pages, and that ends by itself when sight returns (design §5). Never returns; a cancelled scope ends it.
   * Before anything is deployed a failing preflight says it better, and a rollback needs no sight to begin.
   */
  async tellBlindness(): Promise<never> {
    for (;;) {
      await condition(() => this.#unaccepted().length > 0);
      const blind = this.#unaccepted();
      const decision = await this.around.holds.askUntil(
        {
          id: 'blind',
          reason: `No readings of ${blindText(blind, Date.now())}. Nothing goes on until they are back, or you say so.`,
          choices: ['go-on', this.around.wayOut()],
        },
        () => this.#unaccepted().length === 0,
      );
      if (decision && decision.choice !== 'go-on') this.around.leave(decision);
      // What has joined them since stands in the status that was looked at.
      else if (decision) this.#unaccepted().forEach((each) => this.#accepted.add(name(each)));
    }
  }

  /** Nothing, when there is nothing to look at. */
  #begin(name: string, targets: readonly string[], firstWithin = 0, hears = false): Watch | undefined {
    const states = targets.flatMap((target) => unseen(checksAt(this.around.plan(), target), [target]));
    return states.length === 0
      ? undefined
      : this.#start(new Watch({ name, watched: { states, firstWithin } }, this.#surroundings(false, hears)));
  }

  #start(watch: Watch): Watch {
    this.#watches.push(watch);
    watch.start();
    return watch;
  }

  /** `rules`: it looks at the contracts. `hears`: in hypercare it hears which version is live. */
  #surroundings(rules = false, hears = false): ConstructorParameters<typeof Watch>[1] {
    const { around } = this;
    const { observe } = watching(observeQueue((rules ? around.hostQueue() : undefined) ?? workflowInfo().taskQueue));
    return {
      plan: around.plan(),
      look: (input) => {
        const baseline = around.baseline();
        const madeOf = around.madeOf();
        const { elapsed, live } = around.hypercare;
        const { ageMs, ...version } = live;
        const calm =
          around.phase() === 'hypercare'
            ? {
                pace: paceAt(around.plan().hypercare, elapsed),
                ...(hears ? { live: { ...version, ...(input.once || ageMs === undefined ? {} : { ageMs }) } } : {}),
              }
            : {};
        return observe({
          planHash: around.planHash(),
          values: around.values(),
          ...(rules && baseline ? { baseline } : {}),
          ...(!rules && madeOf ? { madeOf } : {}),
          beatMs: this.#isCalm() ? CALM_BEAT_MS : BEAT_MS,
          ...calm,
          ...input,
        });
      },
      segmentLength: (checks) => {
        const lengthMs = segmentLength(
          around.plan(),
          checks,
          around.phase(),
          around.hypercare.elapsed,
          Math.max(around.holds.openFor(), around.pausedFor()),
        );
        const left = (this.nextMoment ?? Infinity) - Date.now();
        return left > 0 ? Math.min(lengthMs, left) : lengthMs;
      },
      seen: (segment, seenTo) => around.hypercare.seen(segment, seenTo),
      fired: (firing) => around.fired(firing),
      sawAgain: (gaps) => {
        const told = gaps.map(({ check, target, from, to }) => ({ check, target, from: iso(from), to: iso(to) }));
        this.#gaps = latest([...this.#gaps, ...told]);
        gapTexts(gaps).forEach((text) => around.record(text));
      },
      reported: () => {
        this.reports += 1;
        const blind = new Set(this.#blind().map(name));
        for (const each of this.#accepted) if (!blind.has(each)) this.#accepted.delete(each);
        around.changed();
      },
    };
  }

  /** Nobody is about to want a report now. */
  #isCalm(): boolean {
    const { around } = this;
    return around.phase() === 'hypercare' && around.plan().hypercare.for - around.hypercare.elapsed > NEAR_END_MS;
  }

  #standing(wanted: (state: TargetState) => boolean): string[] {
    const states = this.#watches.flatMap((watch) => watch.states).filter(wanted);
    return states.map(({ check, target, last }) => `${check} at ${target} (${last ?? 'not looked at yet'})`);
  }

  #blind(): BlindCheck[] {
    return this.#watches.flatMap((watch) => watch.blind());
  }

  #unaccepted(): BlindCheck[] {
    return this.around.needsSight() ? this.#blind().filter((each) => !this.#accepted.has(name(each))) : [];
  }
}

const name = ({ check, target }: { check: string; target: string }) => `${check} at ${target}`;
const iso = (moment: number) => new Date(moment).toISOString();

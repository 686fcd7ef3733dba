import { condition, workflowInfo } from '@temporalio/workflow';
import { paceAt } from '../../domain/hypercare/hypercare-windows.js';
import type { Stage } from '../../domain/plan/playbook.js';
import { isRule } from '../../domain/plan/playbook/check.js';
import { stopBy } from '../../domain/run/cause.js';
import { needsSight, phaseOf } from '../../domain/run/course.js';
import type { WatchData, WatchingState } from '../../domain/run/run-state.js';
import type { Blindness } from '../../domain/run/status.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import { blindText, gapTexts, latest } from '../../domain/watching/blind-text.js';
import { checkStatus, type CheckStatus } from '../../domain/watching/check-status.js';
import { checksAt } from '../../domain/watching/checks-at.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import { SERVICE, unseen, type TargetState } from '../../domain/watching/segment.js';
import { oneLook, segmentLength } from '../../domain/watching/segment-length.js';
import { lookText, notReported, type BlindCheck } from '../../domain/watching/watch-state.js';
import { iso } from '../../domain/time/iso.js';
import { isTable } from '../../domain/watching/state-table.js';
import { watching } from '../activities.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import { note } from '../run/evidence.js';
import type { WatchesPort, WatchPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { Watch } from './watch.js';

/** A segment that is wanted now hears of it with its next heartbeat. In the calm of hypercare, where a thousand of them may run, these come rarely. */
const BEAT_MS = 250;
const CALM_BEAT_MS = 3_000;
const NEAR_END_MS = 60_000;
const RULES = 'rules';

/** Everything that is watched beside the way forward, and what people are told when nobody sees. */
export class Watches implements WatchesPort {
  /** When something will be decided next, in epoch milliseconds: no segment of watching runs past it. */
  nextMoment: number | undefined;
  /** Grows with each report of a watch. */
  reports = 0;
  #watches: readonly Watch[] = [];

  constructor(private readonly run: Run) {}

  /** Goes on with the watches of the run before. Returns that of the service. */
  takeUp(): Watch | undefined {
    this.#watches = this.#state.watches.map((data) => this.#watch(data, data.name === RULES, data.name === SERVICE));
    this.#watches.forEach((watch) => watch.start());
    return this.#watches.find(({ name }) => name === SERVICE);
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

  /** Contracts and integrity, on the host that has the checkouts; nothing when the playbook checks neither, or they are watched already. */
  rules(): void {
    const checks = this.run.plan.checks.filter(isRule);
    if (checks.length === 0 || this.#hostQueue === undefined || this.#watches.some(({ name }) => name === RULES))
      return;
    this.#start(RULES, unseen(checks, [SERVICE]), 0, true);
  }

  /** Whether a breach clock runs. */
  get counts(): boolean {
    return this.#watches.some((watch) => watch.clocks().length > 0);
  }

  end(watch: WatchPort): void {
    this.#keep(this.#watches.filter((each) => each !== watch));
  }

  endAll(): void {
    this.#state.gaps = this.blindness().map((each) => ({ ...each, to: each.to ?? iso(Date.now()) }));
    this.#keep([]);
  }

  /** Segments that were long because nothing could go on end when something can. */
  hurry(): void {
    this.#watches.forEach((watch) => watch.hurry());
  }

  /** Asks for a look at every probe and metric from now on, and for its report: contracts and integrity take longer, and report what they have seen. */
  lookAgain(): void {
    const checks = this.run.plan.checks.filter((check) => !isRule(check));
    if (checks.length > 0) this.nextMoment = Date.now() + oneLook(checks);
    for (const watch of this.#watches)
      if (watch.name === RULES) watch.hurry();
      else watch.lookAgain();
  }

  /** Whether every watch has reported after this moment, in epoch milliseconds, or is overdue. */
  heardSince(moment: number): boolean {
    return this.#watches.every((watch) => watch.heardSince(moment));
  }

  /** The same, for a review: of contracts and integrity that are quiet no report is needed, what changes there is told at once. */
  heardForReview(since: number): boolean {
    return this.#watches.every((watch) => watch.heardSince(since) || (watch.name === RULES && watch.isQuiet));
  }

  /** The same of the service alone. */
  heardOfService(moment: number): boolean {
    return this.#watches.every((watch) => watch.name !== SERVICE || watch.heardSince(moment));
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
      watch.states.map((state) => checkStatus(this.run.plan, state, watch.clocks(), now)),
    );
  }

  /** What was blind from when to when, and what is. */
  blindness(): Blindness[] {
    return [
      ...this.#state.gaps,
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
      const decision = await this.run.askUntil(
        {
          id: 'blind',
          reason: `No readings of ${blindText(blind, Date.now())}. Nothing goes on until they are back, or you say so.`,
          choices: ['go-on', this.run.wayOut()],
        },
        () => this.#unaccepted().length === 0,
      );
      if (decision && decision.choice !== 'go-on') this.run.stop(stopBy(decision));
      // What has joined them since stands in the status that was looked at.
      else if (decision) this.#state.accepted = [...this.#state.accepted, ...this.#unaccepted().map(name)];
    }
  }

  /** Nothing, when there is nothing to look at. */
  #begin(name: string, targets: readonly string[], firstWithin = 0, hears = false): Watch | undefined {
    const states = targets.flatMap((target) => unseen(checksAt(this.run.plan, target), [target]));
    return states.length === 0 ? undefined : this.#start(name, states, firstWithin, false, hears);
  }

  #start(name: string, states: readonly TargetState[], firstWithin: number, rules: boolean, hears = false): Watch {
    const checks = notReported(states, Date.now(), firstWithin);
    const watch = this.#watch({ name, checks, sight: { observed: [] }, news: [] }, rules, hears);
    this.#keep([...this.#watches, watch]);
    this.run.metrics.watches(watch.states.map(({ check }) => check));
    watch.start();
    return watch;
  }

  /** These go on, and what is known of them is all that is known; the others stop. */
  #keep(watches: readonly Watch[]): void {
    for (const watch of this.#watches)
      if (!watches.includes(watch)) {
        this.#countBlind(watch);
        watch.stop();
      }
    this.#watches = watches;
    this.#state.watches = watches.map(({ data }) => data);
  }

  get #state(): WatchingState {
    return this.run.state.watching;
  }

  get #hostQueue(): string | undefined {
    return this.run.commands.host;
  }

  /** `rules`: it looks at the contracts. `hears`: in hypercare it hears which version is live. */
  #watch(data: WatchData, rules: boolean, hears: boolean): Watch {
    const { run } = this;
    const care = hypercareOf(run);
    const queue = observeQueue((rules ? this.#hostQueue : undefined) ?? workflowInfo().taskQueue);
    return new Watch(data, {
      plan: run.plan,
      look: (input, bounds) => {
        const { baseline, madeOf } = run.state;
        const { ageMs, ...version } = care.live;
        const calm = this.#inHypercare()
          ? {
              pace: paceAt(run.plan.hypercare, care.elapsed),
              ...(hears ? { live: { ...version, ...(input.once || ageMs === undefined ? {} : { ageMs }) } } : {}),
            }
          : {};
        return watching(queue, bounds, isTable(input.states)).observe({
          planHash: run.planHash,
          values: run.values,
          ...(rules && baseline ? { baseline } : {}),
          ...(!rules && madeOf ? { madeOf } : {}),
          beatMs: this.#isCalm() ? CALM_BEAT_MS : BEAT_MS,
          ...calm,
          ...input,
          asTable: true,
        });
      },
      segmentLength: (checks, reporting) => {
        const lengthMs = segmentLength(
          run.plan,
          checks,
          phaseOf(run.state.course),
          care.elapsed,
          Math.max(run.holds.openFor(), run.steering.pausedFor()),
          reporting,
        );
        const left = (this.nextMoment ?? Infinity) - Date.now();
        return left > 0 ? Math.min(lengthMs, left) : lengthMs;
      },
      seen: (segment, seenTo) => care.seen(segment, seenTo),
      fired: (firing) => run.triggers.fire(firing),
      sawAgain: (gaps) => {
        const told = gaps.map(({ check, target, from, to }) => ({ check, target, from: iso(from), to: iso(to) }));
        this.#state.gaps = latest([...this.#state.gaps, ...told]);
        told.forEach((gap) => note({ kind: 'blind', ...gap }));
        gapTexts(gaps).forEach((text) => run.record(text));
        run.metrics.wasBlind(gaps);
      },
      reported: () => {
        this.reports += 1;
        this.#countBlind(this.#watches.find((watch) => watch.data === data));
        const blind = new Set(this.#blind().map(name));
        this.#state.accepted = this.#state.accepted.filter((each) => blind.has(each));
        run.show();
      },
    });
  }

  /** Nobody is about to want a report now. */
  #isCalm(): boolean {
    return this.#inHypercare() && this.run.plan.hypercare.for - hypercareOf(this.run).elapsed > NEAR_END_MS;
  }

  #inHypercare(): boolean {
    return phaseOf(this.run.state.course) === 'hypercare';
  }

  #standing(wanted: (state: TargetState) => boolean): string[] {
    return this.#watches.flatMap((watch) => watch.states.filter(wanted).map(lookText));
  }

  /** Adds to the metrics what it has not seen so far. */
  #countBlind(watch: Watch | undefined): void {
    const to = Date.now();
    const blind = watch?.blind() ?? [];
    this.run.metrics.wasBlind(blind.map(({ check, target, since }) => ({ check, target, from: since, to })));
  }

  #blind(): BlindCheck[] {
    return this.#watches.flatMap((watch) => watch.blind());
  }

  #unaccepted(): BlindCheck[] {
    const { accepted } = this.#state;
    return needsSight(this.run.state.course) ? this.#blind().filter((each) => !accepted.includes(name(each))) : [];
  }
}

const name = ({ check, target }: { check: string; target: string }) => `${check} at ${target}`;

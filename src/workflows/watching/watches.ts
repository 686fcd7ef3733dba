import type { Stage } from '../../domain/plan/playbook.js';
import { isRule } from '../../domain/plan/playbook/check.js';
import type { WatchData, WatchingState } from '../../domain/run/run-state.js';
import type { Blindness } from '../../domain/run/status.js';
import { checkStatus, type CheckStatus } from '../../domain/watching/check-status.js';
import { checksAt } from '../../domain/watching/checks-at.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import { SERVICE, unseen, type TargetState } from '../../domain/watching/segment.js';
import { oneLook } from '../../domain/watching/segment-length.js';
import { lookText, notReported } from '../../domain/watching/watch-state.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import type { WatchesPort, WatchPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { AskedSegments, type Looking } from './asked-segments.js';
import { BlindChecks } from './blind-checks.js';
import { Watch } from './watch.js';

const RULES = 'rules';

/** Everything that is watched beside the way forward, and what people are told when nobody sees. */
export class Watches implements WatchesPort {
  /** When something will be decided next, in epoch milliseconds: no segment of watching runs past it. */
  nextMoment: number | undefined;
  /** Grows with each report of a watch. */
  reports = 0;
  #watches: readonly Watch[] = [];

  readonly #blind: BlindChecks;

  constructor(private readonly run: Run) {
    this.#blind = new BlindChecks(run, () => this.#watches.flatMap((watch) => watch.blind()));
  }

  /** Goes on with the watches of the run before. Returns that of the service. */
  takeUp(): Watch | undefined {
    this.#watches = this.#state.watches.map((data) =>
      this.#watch(data, { rules: data.name === RULES, hears: data.name === SERVICE }),
    );
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
    if (checks.length === 0 || this.run.commands.host === undefined || this.#watches.some(({ name }) => name === RULES))
      return;
    this.#start(RULES, unseen(checks, [SERVICE]), 0, { rules: true, hears: false });
  }

  /** Whether a breach clock runs. */
  get counts(): boolean {
    return this.#watches.some((watch) => watch.clocks().length > 0);
  }

  end(watch: WatchPort): void {
    this.#keep(this.#watches.filter((each) => each !== watch));
  }

  endAll(): void {
    this.#blind.end();
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
    return this.#blind.blocks;
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
    return this.#blind.times();
  }

  tellBlindness(): Promise<never> {
    return this.#blind.tell();
  }

  /** Nothing, when there is nothing to look at. */
  #begin(name: string, targets: readonly string[], firstWithin = 0, hears = false): Watch | undefined {
    const states = targets.flatMap((target) => unseen(checksAt(this.run.plan, target), [target]));
    return states.length === 0 ? undefined : this.#start(name, states, firstWithin, { rules: false, hears });
  }

  #start(name: string, states: readonly TargetState[], firstWithin: number, looking: Looking): Watch {
    const checks = notReported(states, Date.now(), firstWithin);
    const watch = this.#watch({ name, checks, sight: { observed: [] }, news: [] }, looking);
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

  #watch(data: WatchData, looking: Looking): Watch {
    const { run } = this;
    return new Watch(data, run.plan, new AskedSegments(run, looking, () => this.nextMoment), {
      seen: (segment, seenTo) => hypercareOf(run).seen(segment, seenTo),
      fired: (firing) => run.triggers.fire(firing),
      sawAgain: (gaps) => this.#blind.sawAgain(gaps),
      reported: () => {
        this.reports += 1;
        this.#countBlind(this.#watches.find((watch) => watch.data === data));
        this.#blind.forgetSeen();
        run.show();
      },
    });
  }

  #standing(wanted: (state: TargetState) => boolean): string[] {
    return this.#watches.flatMap((watch) => watch.states.filter(wanted).map(lookText));
  }

  /** Adds to the metrics what it has not seen so far. */
  #countBlind(watch: Watch | undefined): void {
    this.#blind.count(watch?.blind() ?? []);
  }
}

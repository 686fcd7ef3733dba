import type { Plan } from '../plan/plan.js';
import { SegmentRecorder } from '../watching/segment-recorder.js';
import { sightLasts, type Firing, type TargetState } from '../watching/segment.js';
import { observe, type Sight } from '../watching/soak.js';
import { notReported, WatchState, type WatchedChecks } from '../watching/watch-state.js';
import type { KeptLook, KeptWatch } from './kept-looks.js';

/** A firing with its moment, in epoch milliseconds. */
export interface Fired extends Firing {
  readonly at: number;
}

/** No report of a replay covers more than this. */
const LONGEST_MS = 60_000;

/** A watch of a go-live once more, from the looks that are kept of it, by the rules of another plan: segment after segment, on the clock of its looks. */
export class ReplayedWatch {
  readonly fired: Fired[] = [];
  readonly #states: readonly TargetState[];
  readonly #known: WatchedChecks;
  readonly #watch: WatchState;
  #sight: Pick<Sight, 'observed' | 'lastUnclean'> = { observed: [] };
  #recorder: SegmentRecorder;
  #next = 0;
  #end = 0;
  readonly #taken = new Map<string, number>();

  /**
   * @param plan has every check that is in `kept.of`
   * @param thinned checks that this plan looks at less often than the looks were made
   */
  constructor(
    readonly kept: KeptWatch,
    private readonly plan: Plan,
    private readonly thinned: ReadonlySet<string> = new Set(),
  ) {
    this.#states = kept.of.map(({ check, target }) => ({
      check,
      target,
      standing: 'not looked at',
      failures: 0,
      breaches: [],
    }));
    this.#known = notReported(this.#states, kept.from);
    this.#watch = new WatchState(this.#known, plan);
    this.#recorder = this.#begin(kept.from);
  }

  /** Everything up to a moment, looks of that very moment included. What is beyond its last look nobody has watched. */
  advance(to: number): void {
    const { looks } = this.kept;
    const until = Math.min(to, this.kept.to);
    for (;;) {
      const look = looks[this.#next];
      const at = Math.min(look?.at ?? Infinity, until);
      if (this.#end < at) {
        this.report(this.#end);
        continue;
      }
      if (!look || look.at > until) return;
      this.#next += 1;
      this.#take(look);
    }
  }

  /** A report as of this moment, to which it has advanced. */
  report(at: number): void {
    const segment = this.#recorder.report(at);
    const { lastUncleanAgeMs, observedMs } = segment;
    const bridge = Math.min(...this.#watch.checks.map((check) => sightLasts(check)));
    this.#sight = {
      ...this.#sight,
      observed: observe(this.#sight.observed, { from: at - observedMs, to: at }, bridge),
      ...(lastUncleanAgeMs === undefined ? {} : { lastUnclean: at - lastUncleanAgeMs }),
    };
    this.fired.push(...this.#watch.take(segment, at, at).map((firing) => ({ ...firing, at })));
    this.#recorder = this.#begin(at);
  }

  sight(now: number): Sight {
    const { checks } = this.#watch;
    const patience =
      Math.min(...checks.map((check) => sightLasts(check))) + Math.max(...checks.map((each) => each.timeout));
    return {
      of: [...new Set(this.kept.of.map(({ target }) => target))].join(', '),
      ...this.#sight,
      failing: this.#watch.failing(),
      freshFor: LONGEST_MS + patience,
      against: this.#watch.against(now, false),
    };
  }

  #begin(at: number): SegmentRecorder {
    const recorder = new SegmentRecorder({ states: this.#watch.statesFor(at) }, this.plan, at, 0, false);
    this.#end = at + Math.min(this.#watch.segment(at, LONGEST_MS).segmentMs, recorder.tellWithin(at));
    return recorder;
  }

  #take({ check, target, reading, at }: KeptLook): void {
    const index = this.#states.findIndex((each) => each.check === check && each.target === target);
    const every = this.plan.checks.find(({ name }) => name === check)?.every ?? 0;
    const key = `${check} ${target}`;
    // Looks that this plan wouldn't have made, as far as intervals are kept to a tenth.
    const apart = this.thinned.has(check) ? 0.9 * every : 0;
    if (index < 0 || at - (this.#taken.get(key) ?? -Infinity) < apart) return;
    this.#taken.set(key, at);
    this.#end = Math.min(this.#end, at + this.#recorder.take(index, reading, at));
  }
}

import { CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { Check } from '../domain/playbook.js';
import { observe, type Interval, type Sight } from '../domain/soak.js';
import { standing, unseen, type Segment, type TargetState } from '../domain/watching.js';
import { watching } from './activities.js';

interface Surroundings {
  readonly planHash: string;
  readonly checks: readonly Check[];
  /** How long the next segment should be, in milliseconds. */
  segmentLength(): number;
  fired(fired: NonNullable<Segment['fired']>): void;
  blind(gap: Interval): void;
  /** A segment has been reported. */
  reported(): void;
}

/** A segment that is shorter than it says it looked is waited out; less than this is only the travel time of messages. */
const TOLERANCE_MS = 1_000;
/** How long a segment that came back early without a look takes at least. */
const PAUSE_MS = 5_000;

/**
 * One watch over some targets: segments of `observe`, one after the other, from `start` to `stop`. Aborts, rollbacks and a cancelled workflow
 * don't end it; only `stop` does.
 */
export class Watch {
  states: readonly TargetState[];
  sight: Sight;
  #scope: CancellationScope | undefined;

  constructor(
    readonly name: string,
    readonly targets: readonly string[],
    private readonly around: Surroundings,
  ) {
    this.states = unseen(around.checks, targets);
    this.sight = { observed: [], freshFor: Math.max(...around.checks.map((check) => 2 * check.every + check.timeout)) };
  }

  start(): void {
    void CancellationScope.nonCancellable(() => {
      this.#scope = new CancellationScope();
      return this.#scope.run(() => this.#look());
    }).catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  }

  /** Whether everything was seen clean in a look after this moment, in epoch milliseconds. */
  cleanAfter(moment: number): boolean {
    const seenTo = this.sight.observed.at(-1)?.to ?? 0;
    return this.states.every((state) => standing(state) === 'clean' && seenTo - (state.lastAgeMs ?? 0) > moment);
  }

  stop(): void {
    this.#scope?.cancel();
  }

  async #look(): Promise<never> {
    const { observe: look } = watching(workflowInfo().taskQueue);
    for (let coalesce = false; ; ) {
      const from = Date.now();
      const segmentMs = this.around.segmentLength();
      try {
        const segment = await look({ planHash: this.around.planHash, states: this.states, segmentMs, coalesce });
        await this.#waitOut(from, segmentMs, segment);
        this.#take(segment);
      } catch (error) {
        if (isCancellation(error)) throw error;
        // Nothing was seen, and nothing is claimed: the gap is blind time. Looking goes on.
        await sleep(PAUSE_MS);
      }
      coalesce = !coalesce && Date.now() - from < segmentMs;
    }
  }

  /** Never a hot loop: time a segment says it has seen has to have passed, and one that comes back early without a look is followed by a pause. */
  async #waitOut(from: number, segmentMs: number, segment: Segment): Promise<void> {
    const passed = Date.now() - from;
    const short = segment.looks === 0 && passed < segmentMs ? PAUSE_MS - passed : segment.observedMs - passed;
    if (short >= TOLERANCE_MS) await sleep(short);
  }

  #take(segment: Segment): void {
    const now = Date.now();
    const before = this.sight.observed.at(-1);
    const seen = { from: now - segment.observedMs, to: now };
    if (before && seen.from - before.to > this.sight.freshFor) this.around.blind({ from: before.to, to: seen.from });
    this.states = segment.states;
    this.sight = {
      ...this.sight,
      observed: observe(this.sight.observed, seen, this.sight.freshFor),
      ...(segment.lastUncleanAgeMs === undefined ? {} : { lastUnclean: now - segment.lastUncleanAgeMs }),
    };
    if (segment.fired) this.around.fired(segment.fired);
    this.around.reported();
  }
}

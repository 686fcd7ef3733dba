import { proxySinks, workflowInfo, type Sinks } from '@temporalio/workflow';
import type { ObserveRequest } from '../../activities/watching/observe.js';
import { everyAt, paceAt } from '../../domain/hypercare/hypercare-windows.js';
import type { Plan } from '../../domain/plan/plan.js';
import { phaseOf } from '../../domain/run/course.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import type { Segment } from '../../domain/watching/segment.js';
import type { WatchingSinks } from '../../domain/watching/report-wanted.js';
import type { SegmentBounds } from '../../domain/watching/segment-bounds.js';
import { segmentLength, type Reporting } from '../../domain/watching/segment-length.js';
import { EAGER, rareSigns, type SignsOfLife } from '../../domain/watching/signs-of-life.js';
import { isTable, type Travelling } from '../../domain/watching/state-table.js';
import { watching } from '../activities.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import { ofThisRun } from '../run/of-this-run.js';
import { quietSoaks } from '../run/quiet-soaks.js';
import type { Run } from '../run/run.js';

const { watching: watchingHere } = proxySinks<WatchingSinks & Sinks>();

/** Something is about to be decided. */
const NEAR_END_MS = 60_000;

/** What a watch says of its next segment; the run says the rest. */
export type NextSegment = Pick<ObserveRequest, 'states' | 'segmentMs' | 'decides' | 'coalesce' | 'once'>;

/** How a watch stands when it asks for its next segment. */
export interface Circumstances {
  /** Absent in a run that 0.1.0 began. */
  readonly bounds: SegmentBounds | undefined;
  /** What is looked at, where all of it is calm and what changes ends the segment. */
  readonly calm: Plan['checks'] | undefined;
  /** So it was all through the segment before. */
  readonly quiet: boolean;
  /** How long after its end the report is waited for, in milliseconds. */
  readonly patienceMs: number;
}

/** What is looked at by one watch. */
export interface Looking {
  /** It looks at the contracts. */
  readonly rules: boolean;
  /** In hypercare it hears which version is live. */
  readonly hears: boolean;
}

/** The segments of one watch, as the run asks for them where it stands now. */
export class AskedSegments {
  readonly #queue: string;
  /** The number in the run of the one that was asked for last. */
  #segment = 0;

  /** @param nextMoment when something will be decided next, in epoch milliseconds: no segment runs past it */
  constructor(
    private readonly run: Run,
    private readonly looking: Looking,
    private readonly nextMoment: () => number | undefined,
  ) {
    this.#queue = observeQueue((looking.rules ? run.commands.host : undefined) ?? workflowInfo().taskQueue);
  }

  look(input: NextSegment, { bounds, ...standing }: Circumstances): Promise<Travelling<Segment>> {
    const { run } = this;
    const { rules, hears } = this.looking;
    const { baseline, madeOf } = run.state;
    const care = hypercareOf(run);
    const { ageMs, ...version } = care.live;
    const inHypercare = this.#inHypercare()
      ? {
          pace: paceAt(run.plan.hypercare, care.elapsed),
          ...(hears ? { live: { ...version, ...(input.once || ageMs === undefined ? {} : { ageMs }) } } : {}),
        }
      : {};
    this.#segment = ++ofThisRun().segment;
    const { beatMs, timeoutMs } = this.#signsOfLife(standing);
    return watching(this.#queue, timeoutMs, bounds, isTable(input.states)).observe({
      planHash: run.planHash,
      values: run.values,
      ...(rules && baseline ? { baseline } : {}),
      ...(!rules && madeOf ? { madeOf } : {}),
      beatMs,
      ...inHypercare,
      ...input,
      segment: this.#segment,
      asTable: true,
    });
  }

  /** Whoever cancels the one under way to have its report says so here too: in this worker it hears of it at once. */
  reportWanted(): void {
    watchingHere.reportWanted(this.#segment);
  }

  /** How long the next one should be, in milliseconds. */
  lengthMs(checks: Plan['checks'], reporting: Reporting): number {
    const { run } = this;
    const left = this.#left();
    const lengthMs = segmentLength(
      run.plan,
      checks,
      phaseOf(run.state.course),
      hypercareOf(run).elapsed,
      Math.max(run.holds.openFor(), run.steering.pausedFor()),
      reporting,
      reporting === 'when something changes' && left > 0 && quietSoaks() ? left : undefined,
    );
    return left > 0 ? Math.min(lengthMs, left) : lengthMs;
  }

  /** Until something will be decided, in milliseconds; 0 or less when nobody knows. */
  #left(): number {
    return (this.nextMoment() ?? -Infinity) - Date.now();
  }

  #signsOfLife({ calm, quiet, patienceMs }: Omit<Circumstances, 'bounds'>): SignsOfLife {
    const { plan } = this.run;
    if (!this.#isCalm() && !(quiet && this.#left() > NEAR_END_MS)) return EAGER;
    if (!calm || !this.#inHypercare()) return rareSigns(0);
    const pace = paceAt(plan.hypercare, hypercareOf(this.run).elapsed);
    return rareSigns(Math.min(...calm.map((check) => everyAt(check, plan, pace))), patienceMs);
  }

  /** Nobody is about to want a report now. */
  #isCalm(): boolean {
    return this.#inHypercare() && this.run.plan.hypercare.for - hypercareOf(this.run).elapsed > NEAR_END_MS;
  }

  #inHypercare(): boolean {
    return phaseOf(this.run.state.course) === 'hypercare';
  }
}

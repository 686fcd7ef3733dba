import { SegmentRecorder } from '../../src/domain/watching/segment-recorder.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import type { Reading } from '../../src/domain/watching/reading.js';
import { notReported, WatchState, type BlindCheck } from '../../src/domain/watching/watch-state.js';
import type { Segment, TargetState } from '../../src/domain/watching/segment.js';
import { lookUntil, type Readings } from './simulated-watch.js';

/** What happens to one segment. Milliseconds from its beginning, if they come before its end. */
export interface Fate {
  readonly lengthMs: number;
  /** What is calm is looked at no oftener. */
  readonly pace?: number;
  /** Its report is asked for then. */
  readonly hurriedAt?: number;
  /** Its worker dies then; the last heartbeat was so long before, if there was one; another one goes on after so long. */
  readonly dies?: { readonly at: number; readonly beatBefore: number | null; readonly awayMs: number };
  /** The report waits so long for somebody to read it. */
  readonly readAfter?: number;
}

export interface Look {
  readonly check: string;
  readonly target: string;
  readonly at: number;
  readonly reading: Reading;
  /** The pace of the segment it was made in. */
  readonly pace: number;
}

/** What came of a watch. Moments are milliseconds of the time that is skipped. */
export interface Chain {
  readonly startedAt: number;
  readonly endedAt: number;
  /** The looks that somebody was told of. */
  readonly looks: readonly Look[];
  readonly firings: readonly { readonly name: string; readonly at: number }[];
  readonly gaps: readonly {
    readonly check: string;
    readonly target: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly reports: readonly {
    readonly from: number;
    readonly to: number;
    readonly readAt: number;
    readonly segment: Segment;
    readonly blind: readonly BlindCheck[];
    /** What its last worker was given, when, and how long after it had been told. */
    readonly given: Pick<Segment, 'states'> & Partial<Segment>;
    readonly begun: number;
    readonly lateMs: number;
    readonly coalesce: boolean;
    /** Those that it has made. */
    readonly looks: readonly Look[];
  }[];
  /** From when to when no worker looked. */
  readonly away: readonly { readonly from: number; readonly to: number }[];
}

export const ruleName = ({ trigger, check, target }: { trigger: string; check: string; target: string }) =>
  `${trigger}: ${check} at ${target}`;

/** Segments of watching one after the other, cut as the workflow cuts them, until a moment has passed. */
export function watchChain(
  plan: Pick<Plan, 'checks' | 'triggers'>,
  states: readonly TargetState[],
  readings: Readings,
  fates: readonly Fate[],
  startedAt: number,
  until: number,
): Chain {
  const watched = new WatchState(notReported(states, startedAt), plan);
  const seen = {
    looks: [] as Look[],
    firings: [] as Chain['firings'][number][],
    gaps: [] as Chain['gaps'][number][],
    reports: [] as Chain['reports'][number][],
    away: [] as Chain['away'][number][],
  };
  let now = startedAt;
  let coalesce = false;
  for (let index = 0; now < until; index += 1) {
    const fate = fates[index % fates.length] as Fate;
    const from = now;
    const { segmentMs } = watched.segment(from, fate.lengthMs);
    const { segment, at, looks, away, ...begun } = oneSegment(
      plan as Plan,
      { states: watched.statesFor(from), segmentMs, coalesce },
      from,
      readings,
      fate,
    );
    now = at + (fate.readAfter ?? 0);
    seen.looks.push(...looks);
    seen.away.push(...away);
    seen.gaps.push(
      ...(segment.gaps ?? []).map(({ check, target, fromAgeMs, toAgeMs }) => ({
        check,
        target,
        from: at - fromAgeMs,
        to: at - toAgeMs,
      })),
    );
    seen.firings.push(...watched.take(segment, at, now).map((firing) => ({ name: ruleName(firing), at: now })));
    seen.reports.push({
      from,
      to: at,
      readAt: now,
      segment,
      blind: watched.blind(now, false),
      ...begun,
      coalesce,
      looks: looks.filter((each) => each.at >= begun.begun),
    });
    coalesce = !coalesce && now - from < segmentMs;
  }
  return { startedAt, endedAt: now, ...seen };
}

function oneSegment(
  plan: Plan,
  input: { states: readonly TargetState[]; segmentMs: number; coalesce: boolean },
  from: number,
  readings: Readings,
  { hurriedAt = Infinity, dies, pace = 0 }: Fate,
) {
  const length = Math.min(input.segmentMs, Math.max(1, hurriedAt));
  const recorder = new SegmentRecorder(input, plan, from, 0, input.coalesce, pace);
  const told = notebook(readings, pace);
  if (!dies) {
    const at = lookUntil(recorder, from, from + length, Infinity, told.readings);
    return { segment: recorder.report(at), at, looks: told.looks, away: [], given: input, begun: from, lateMs: 0 };
  }
  const death = from + dies.at;
  const beat = dies.beatBefore === null ? undefined : Math.max(from, death - dies.beatBefore);
  const known = lookUntil(recorder, from, from + length, beat ?? from - 1, told.readings);
  const left = beat === undefined ? input : recorder.report(beat);
  const lost = notebook(readings, pace);
  const ends = known <= (beat ?? from - 1) ? known : lookUntil(recorder, from, known, death, lost.readings);
  if (ends <= death)
    return {
      segment: recorder.report(ends),
      at: ends,
      looks: [...told.looks, ...lost.looks],
      away: [],
      given: input,
      begun: from,
      lateMs: 0,
    };
  const back = death + dies.awayMs;
  const second = new SegmentRecorder(left, plan, back, back - (beat ?? from), input.coalesce, pace);
  const at = lookUntil(
    second,
    back,
    Math.max(back, Math.min(from + length, back + second.tellWithin(back))),
    Infinity,
    told.readings,
  );
  return {
    segment: second.report(at),
    at,
    looks: told.looks,
    away: [{ from: beat ?? from, to: back }],
    given: left,
    begun: back,
    lateMs: back - (beat ?? from),
  };
}

function notebook(readings: Readings, pace: number) {
  const looks: Look[] = [];
  return {
    looks,
    readings: ((check, target, at) => {
      const reading = readings(check, target, at);
      looks.push({ check: check.name, target, at, reading, pace });
      return reading;
    }) satisfies Readings,
  };
}

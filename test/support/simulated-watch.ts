import { SegmentRecorder } from '../../src/domain/watching/segment-recorder.js';
import { VersionPoll } from '../../src/activities/watching/version-poll.js';
import type { ObserveInput } from '../../src/activities/watching/observe.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import type { Check } from '../../src/domain/plan/playbook.js';
import type { Reading } from '../../src/domain/watching/reading.js';
import type { Segment } from '../../src/domain/watching/segment.js';

/** What a look at a check comes back with at a moment, in epoch milliseconds of the time that is skipped. */
export type Readings = (check: Check, target: string, at: number) => Reading;

/** Everything as it should be. */
export function goodReading(check: Check): Reading {
  if (check.kind !== 'metric') return { kind: 'good', text: 'as it should be' };
  const { is, value } = check.guardrail;
  return { kind: 'value', value: is === 'below' ? value / 2 : is === 'above' ? value * 2 : value };
}

/** A segment of watching as the real one goes, with looks that take no time, at the moments they are due in time that is skipped. */
export function simulateSegment(
  plan: Plan,
  input: Omit<ObserveInput, 'planHash' | 'decides'>,
  startsAt: number,
  readings: Readings,
  version: Versions,
): Segment {
  const { states, coalesce = false, once, pace, live, values } = input;
  const recorder = new SegmentRecorder({ states }, plan, startsAt, 0, coalesce, pace);
  const segmentMs = Math.min(
    input.segmentMs,
    once ? Math.max(0, ...recorder.due(startsAt).map(({ inMs }) => inMs)) : Infinity,
  );
  if (!live) return recorder.report(lookUntil(recorder, startsAt, startsAt + segmentMs, Infinity, readings));
  const newEar = () => new VersionPoll(live, plan, values, startsAt, 0, pace);
  const told = hearUntil(newEar(), startsAt, startsAt + segmentMs, version);
  const end = lookUntil(
    recorder,
    startsAt,
    coalesce ? startsAt + segmentMs : (told ?? startsAt + segmentMs),
    Infinity,
    readings,
  );
  const poll = newEar();
  hearUntil(poll, startsAt, end, version, true);
  return { ...recorder.report(end), live: poll.report(end) };
}

/** What the service says it is at a moment, in epoch milliseconds of the time that is skipped; nothing that could be read when it is undefined. */
export type Versions = (at: number) => string | undefined;

/** Asks for the version until there is something to tell, or also after that. Returns when that was. */
function hearUntil(poll: VersionPoll, from: number, end: number, version: Versions, goOn = false): number | undefined {
  for (let at = from + Math.max(0, poll.dueIn(from)); at <= end; at += Math.max(1, poll.dueIn(at)))
    if (poll.hear(version(at), at) && !goOn) return at;
  return undefined;
}

/**
 * Looks when looks are due, until the segment ends, at `end` or when something has to be told, or its worker does at `stop`. Returns when the segment
 * ends as far as is known by then. Looks of one moment all come before the end at that moment.
 */
export function lookUntil(
  recorder: SegmentRecorder,
  from: number,
  end: number,
  stop: number,
  readings: Readings,
): number {
  for (let bound = Math.min(end, from + recorder.tellWithin(from)); ;) {
    const looks = recorder.due(from);
    const at = from + Math.max(0, Math.min(...looks.map(({ inMs }) => inMs)));
    const next = looks.find(({ inMs }) => from + inMs <= at);
    if (!next || at > Math.min(bound, stop)) return bound;
    if (recorder.take(next.index, readings(next.check, next.target, at), at) === 0) end = at;
    // A breach that has ended meanwhile needn't be told any more.
    bound = Math.min(end, at + recorder.tellWithin(at));
  }
}

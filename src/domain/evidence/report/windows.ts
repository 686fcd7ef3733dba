import type { Course } from '../../run/course.js';
import type { Stop } from '../../run/status.js';
import type { Span } from './stretches.js';

/** A stretch of the run that is shown on a time axis of its own. Moments are ISO. */
export interface Window {
  readonly name: 'the whole run' | 'the rollout' | 'around the stop';
  readonly from: string;
  readonly to: string;
}

/** More of the whole than this needs no picture of its own. */
const SMALL = 0.35;
const AROUND_MS = 10 * 60_000;
const ROLLOUT: readonly Course['is'][] = ['preflight', 'rolling-out', 'verifying', 'rehearsing'];

/**
 * The stretches to show: the whole, and what would be a sliver of it: an hour of rollout before three days of hypercare, the minutes around a stop in them.
 * @param from when it began, ISO. @param to the newest record
 */
export function windowsOf(from: string, to: string, phases: readonly Span[], stop?: Pick<Stop, 'at'>): Window[] {
  const whole: Window = { name: 'the whole run', from, to };
  const began = phases.find(({ is }) => is === 'preflight' || is === 'rehearsing')?.from ?? from;
  const out = phases.filter(({ is }) => ROLLOUT.includes(is)).at(-1)?.to ?? to;
  const around = stop && {
    name: 'around the stop' as const,
    from: shifted(stop.at, -AROUND_MS, from, to),
    to: shifted(stop.at, AROUND_MS, from, to),
  };
  const parts: Window[] = [{ name: 'the rollout', from: began, to: out }, ...(around ? [around] : [])];
  return [whole, ...parts.filter((each) => lengthOf(each) > 0 && lengthOf(each) < SMALL * lengthOf(whole))];
}

/** Milliseconds. */
export const lengthOf = ({ from, to }: Pick<Window, 'from' | 'to'>): number => Date.parse(to) - Date.parse(from);

function shifted(at: string, by: number, from: string, to: string): string {
  const moment = Math.min(Math.max(Date.parse(at) + by, Date.parse(from)), Date.parse(to));
  return new Date(moment).toISOString();
}

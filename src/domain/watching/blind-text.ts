import { shortMoment } from '../time/iso.js';
import { lasted } from '../time/lasted.js';
import type { BlindCheck } from './watch-state.js';

/** From when to when, in epoch milliseconds, a check had no readings. */
export interface BlindTime {
  readonly check: string;
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/** `health, ready at service for 42s (no worker has reported); p95 at canary for 1m (ECONNREFUSED)`: what has one reason is told once. */
export function blindText(blind: readonly BlindCheck[], now: number): string {
  const groups = groupedBy(blind, ({ target, why }) => `${target} ${why}`);
  return groups
    .map(
      (group) => `${names(group)} for ${lasted(now - Math.min(...group.map(({ since }) => since)))} (${group[0]?.why})`,
    )
    .join('; ');
}

/** So many gaps stand in the status; the timeline and the reviews have told of those before. */
const MOST_GAPS = 200;

export const latest = <Gap>(gaps: readonly Gap[]): Gap[] => gaps.slice(-MOST_GAPS);

/** `no readings of health, ready at service for 42s, from 2026-11-27 07:36:32Z to 2026-11-27 07:37:14Z`, one text for each target. */
export function gapTexts(gaps: readonly BlindTime[]): string[] {
  return groupedBy(gaps, ({ target }) => target).map((group) => {
    const [from, to] = [Math.min(...group.map((gap) => gap.from)), Math.max(...group.map((gap) => gap.to))];
    return `no readings of ${names(group)} for ${lasted(to - from)}, from ${shortMoment(from)} to ${shortMoment(to)}`;
  });
}

/** A check at a target without readings, from when to when, ISO; without an end it is so now. */
export interface BlindCheckTime {
  readonly check: string;
  readonly target: string;
  readonly from: string;
  readonly to?: string | undefined;
  readonly why?: string | undefined;
}

/** A time without readings of one reason, from the first check that had none to the last that had some again. ISO; without an end it goes on. */
export interface BlindStretch {
  readonly from: string;
  readonly to?: string | undefined;
  readonly why?: string | undefined;
  /** Each once. */
  readonly checks: readonly { readonly check: string; readonly target: string }[];
}

/** What was blind for the same reason in times that overlap, or follow at once, as one stretch; the first one first. */
export function blindStretches(all: readonly BlindCheckTime[]): BlindStretch[] {
  return byBeginning(groupedBy(all, ({ why = '' }) => why).flatMap((group) => merged(byBeginning(group))));
}

function merged(times: readonly BlindCheckTime[]): BlindStretch[] {
  const stretches: BlindStretch[] = [];
  for (const { check, target, from, to, why } of times) {
    const last = stretches.at(-1);
    if (!last || Date.parse(from) > endOf(last)) {
      stretches.push({ from, to, why, checks: [{ check, target }] });
      continue;
    }
    const isNew = last.checks.every((each) => each.check !== check || each.target !== target);
    stretches[stretches.length - 1] = {
      ...last,
      to: endOf({ to }) > endOf(last) ? to : last.to,
      checks: isNew ? [...last.checks, { check, target }] : last.checks,
    };
  }
  return stretches;
}

/** `p95 at canary`, `16 checks: health, ready at service; health at canary`. */
export function checksText(checks: BlindStretch['checks']): string {
  const named = groupedBy(checks, ({ target }) => target).map(names);
  return `${checks.length > 1 ? `${checks.length} checks: ` : ''}${named.join('; ')}`;
}

const byBeginning = <Time extends { readonly from: string }>(times: readonly Time[]): Time[] =>
  [...times].sort((one, other) => Date.parse(one.from) - Date.parse(other.from));

const endOf = ({ to }: Pick<BlindStretch, 'to'>): number => (to === undefined ? Infinity : Date.parse(to));

const names = (group: readonly { check: string; target: string }[]) =>
  `${[...new Set(group.map(({ check }) => check))].join(', ')} at ${group[0]?.target}`;

function groupedBy<T>(all: readonly T[], key: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return [...groups.values()];
}

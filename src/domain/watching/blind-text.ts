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

const names = (group: readonly { check: string; target: string }[]) =>
  `${[...new Set(group.map(({ check }) => check))].join(', ')} at ${group[0]?.target}`;

function groupedBy<T>(all: readonly T[], key: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return [...groups.values()];
}

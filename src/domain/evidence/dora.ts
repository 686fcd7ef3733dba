import { lasted } from '../time/lasted.js';
import type { Lifecycle } from './lifecycle.js';

/** What DORA asks for, as far as golive knows it. Milliseconds, medians; missing where there was none. */
export interface Dora {
  /** Go-lives that deployed something and have ended or are live. */
  readonly changes: number;
  /** Those of them that were rolled back, or taken back afterwards, or couldn't be. */
  readonly failed: number;
  /** From the start of the go-live, not from the commit, until the release is live and verified. */
  readonly leadTimeMs?: number;
  /** From the first failing reading, or the decision to go back, until the previous release was proven to be back. */
  readonly restoreMs?: number;
}

const FAILED = ['rolled-back', 'rollback-failed'];

/** Of the go-lives of an environment, without rehearsals. */
export function doraOf(lives: readonly Lifecycle[]): Dora {
  const changes = lives.filter(
    ({ rollback, outcome, liveAt }) => !rollback && (liveAt !== undefined || FAILED.includes(outcome ?? '')),
  );
  const takenBack = new Set(
    lives.filter(({ rollback }) => rollback).flatMap((back) => latest(changes, back)?.id ?? []),
  );
  return {
    changes: changes.length,
    failed: changes.filter(({ id, outcome }) => FAILED.includes(outcome ?? '') || takenBack.has(id)).length,
    ...median('leadTimeMs', changes, ({ startedAt, liveAt }) => between(startedAt, liveAt)),
    ...median('restoreMs', lives, ({ failingSince, restoredAt }) => between(failingSince, restoredAt)),
  };
}

/** The go-live of the release that was taken back. */
function latest(changes: readonly Lifecycle[], { release, startedAt }: Lifecycle): Lifecycle | undefined {
  return changes
    .filter((each) => each.release === release && each.startedAt < startedAt)
    .reduce<Lifecycle | undefined>((one, other) => (one && one.startedAt > other.startedAt ? one : other), undefined);
}

function between(from: string | undefined, to: string | undefined): number[] {
  const length = Date.parse(to ?? '') - Date.parse(from ?? '');
  return length >= 0 ? [length] : [];
}

function median<K extends 'leadTimeMs' | 'restoreMs'>(
  name: K,
  lives: readonly Lifecycle[],
  measure: (life: Lifecycle) => number[],
): Partial<Record<K, number>> {
  const all = lives.flatMap(measure).sort((one, other) => one - other);
  const middle = all.length / 2;
  const [low, high] = [all[Math.ceil(middle) - 1], all[Math.floor(middle)]];
  return low === undefined || high === undefined ? {} : ({ [name]: (low + high) / 2 } as Partial<Record<K, number>>);
}

/** `DORA: 4 changes, 1 failed (25 %), lead time 42m 10s, time to restore 3m`; nothing without a change. */
export function doraText({ changes, failed, leadTimeMs, restoreMs }: Dora): string | undefined {
  if (changes === 0) return undefined;
  return [
    `DORA: ${changes} change${changes === 1 ? '' : 's'}, ${failed} failed (${Math.round((100 * failed) / changes)} %)`,
    ...(leadTimeMs === undefined ? [] : [`lead time ${lasted(leadTimeMs)}`]),
    ...(restoreMs === undefined ? [] : [`time to restore ${lasted(restoreMs)}`]),
  ].join(', ');
}

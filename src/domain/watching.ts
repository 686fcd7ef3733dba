import type { Check, Trigger } from './playbook.js';

/** The name of the whole service's own address, the one behind the balancer, among the targets. */
export const SERVICE = 'service';

/** Where one check stands on one target, carried from look to look and from segment to segment (design §6). */
export interface TargetState {
  readonly check: string;
  readonly target: string;
  /** Non-200 answers in a row; a timeout, refusal, reset or TLS error counts as one. */
  readonly failures: number;
  /** The last look, such as `200 in 12 ms` or `ECONNREFUSED`; none before the first. */
  readonly last?: string;
  /** How old, in milliseconds, that look was when its segment ended: the next one comes when it is due, not at once. */
  readonly lastAgeMs?: number;
}

/** One look: did the target answer 200? */
export interface Reading {
  readonly ok: boolean;
  readonly text: string;
}

/** The state after one more look. One clean reading ends a row of failures. */
export function look(state: TargetState, reading: Reading): TargetState {
  return { ...state, failures: reading.ok ? 0 : state.failures + 1, last: reading.text };
}

/** Playbook §4: "non-200 for > 2 consecutive checks": with `consecutive: 3` the third in a row fires, two don't. */
export function fires(trigger: Pick<Trigger, 'consecutive'>, state: Pick<TargetState, 'failures'>): boolean {
  return state.failures >= trigger.consecutive;
}

/** The first trigger that fires on a state, if any. */
export function firedTrigger(triggers: readonly Trigger[], state: TargetState): Trigger | undefined {
  return triggers.find((trigger) => trigger.check === state.check && fires(trigger, state));
}

export type Standing = 'not looked at' | 'clean' | 'failing';
export const standing = (state: TargetState): Standing => (state.last === undefined ? 'not looked at' : state.failures > 0 ? 'failing' : 'clean');

/** A watch over some targets that nothing is known of yet. */
export function unseen(checks: readonly Check[], targets: readonly string[]): TargetState[] {
  return targets.flatMap((target) => checks.map((check) => ({ check: check.name, target, failures: 0 })));
}

/** What one segment of watching comes back with. Ages and lengths are milliseconds on the worker's monotonic clock. */
export interface Segment {
  readonly states: readonly TargetState[];
  /** How long, up to the return, every check had its readings on time. */
  readonly observedMs: number;
  /** How long before the return the last non-clean reading was; absent when the segment saw none. */
  readonly lastUncleanAgeMs?: number;
  readonly looks: number;
  /** The worker's clock at the return, in epoch milliseconds: a report that waited long for someone to read it is an old one. */
  readonly endedAt?: number;
  readonly fired?: { readonly trigger: string; readonly check: string; readonly target: string; readonly detail: string };
}

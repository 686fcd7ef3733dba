import { formatDuration } from './duration.js';

const SECOND = 1_000;

/** How long something has lasted, in milliseconds, as people say it: whole seconds, never more than it was: `11m 20s`, `under 1s`. */
export function lasted(milliseconds: number): string {
  return milliseconds < SECOND ? 'under 1s' : formatDuration(wholeSeconds(milliseconds));
}

/**
 * How far something is on its way to `length`, both in milliseconds: `11m 20s of 15m`; at its end `15m`; past it `15m 20s, 20s over the 15m`. Only what
 * is shorter than a second altogether is told in milliseconds.
 */
export function progress(milliseconds: number, length: number): string {
  const passed = Math.max(0, milliseconds);
  const shown = length < SECOND && passed < SECOND ? formatDuration(Math.floor(passed)) : orNone(passed);
  if (passed < length) return `${shown} of ${formatDuration(length)}`;
  const over = wholeSeconds(passed - length);
  return over === 0 ? formatDuration(length) : `${shown}, ${formatDuration(over)} over the ${formatDuration(length)}`;
}

/** A limit, in milliseconds, that may be the rest of another one: `300ms`, `4.9s`, `2m 5s`. */
export function atMost(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)}ms`;
  return milliseconds < 60 * SECOND
    ? `${Number((milliseconds / SECOND).toFixed(1))}s`
    : formatDuration(wholeSeconds(milliseconds));
}

/** So far: what has not begun is `0s`. */
const orNone = (milliseconds: number): string => (milliseconds === 0 ? '0s' : lasted(milliseconds));

const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / SECOND) * SECOND;

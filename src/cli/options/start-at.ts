import { parseDuration } from '../../domain/time/duration.js';
import { readMoment } from '../../domain/time/moment.js';

const FARTHEST_MS = 90 * 86_400_000;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/**
 * Reads when a go-live is to begin: `2026-05-02T22:30:00+02:00`, `22:30` (today or else tomorrow, by the clock of this machine) or `+2h`. Returns ISO text.
 * Throws a sentence for anything else and for a moment that is over. `now` in epoch milliseconds.
 */
export function readStartAt(text: string, now: number): string {
  const at = momentOf(text, now);
  if (at === undefined)
    throw new Error(
      `"${text}" is not a start time. Write a date-time with a UTC offset such as 2026-05-02T22:30:00+02:00, a time of today or tomorrow here such as 22:30, or how long from now such as +2h.`,
    );
  if (at <= now)
    throw new Error(
      `${text} is over: it is ${new Date(now).toISOString()} now. Write a moment ahead, or leave --at out to begin at once.`,
    );
  if (at > now + FARTHEST_MS)
    throw new Error(
      `${text} is more than 90 days ahead, and the environment would be reserved until then. Write a nearer moment.`,
    );
  return new Date(at).toISOString();
}

function momentOf(text: string, now: number): number | undefined {
  if (text.startsWith('+')) return now + parseDuration(text.slice(1));
  const clock = CLOCK.exec(text);
  if (!clock) return readMoment(text);
  const today = new Date(now);
  const on = (day: number) =>
    new Date(
      today.getFullYear(),
      today.getMonth(),
      today.getDate() + day,
      Number(clock[1]),
      Number(clock[2]),
    ).getTime();
  return on(0) > now ? on(0) : on(1);
}

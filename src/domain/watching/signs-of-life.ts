/** How rarely a segment gives a sign of life at most where nobody says otherwise, in milliseconds: well within the shortest heartbeat timeout. */
export const RAREST_BEAT_MS = 3_000;

/** The signs of life of a segment, in milliseconds. */
export interface SignsOfLife {
  /** How often it gives one at most, and hears whether another worker's run wants its report. */
  readonly beatMs: number;
  /** After so long without one its worker is heard of no more. */
  readonly timeoutMs: number;
}

/** Shorter gains nothing (design §9). */
const SHORTEST_TIMEOUT_MS = 5_000;
const LONGEST_TIMEOUT_MS = 20_000;
/** For another worker to begin, and to report. */
const TO_TAKE_OVER_MS = 5_000;

/** Somebody may want its report at any moment. */
export const EAGER: SignsOfLife = { beatMs: 250, timeoutMs: SHORTEST_TIMEOUT_MS };

/**
 * Each is a write for the server, and the most that a calm watch costs: they are rare where nobody is about to want a report, and the rarer the further apart
 * the looks are, in milliseconds. A worker that has died is missed well before the next look, and so that another one's report still comes within the
 * `patienceMs` that it is waited for after the segment's end.
 */
export function rareSigns(everyMs: number, patienceMs = Infinity): SignsOfLife {
  const longest = Math.min(LONGEST_TIMEOUT_MS, everyMs / 3, patienceMs - TO_TAKE_OVER_MS);
  const timeoutMs = Math.max(SHORTEST_TIMEOUT_MS, Math.floor(longest));
  return { beatMs: Math.floor(0.6 * timeoutMs), timeoutMs };
}

import type { Ages, Breach, TargetState } from './segment.js';

/** When what is known of one check at one target was, on the monotonic clock of whoever watches it, in milliseconds. */
export interface Times {
  /** The last look, and the last that told something. */
  looked: number | undefined;
  told: number | undefined;
  /** Since when it was watched before anything was told. */
  readonly unseenSince: number | undefined;
  /** When each running breach began that began here. */
  readonly began: Map<string, number>;
  /** When the last breaching reading of each running breach was. */
  readonly said: Map<string, number>;
  /** When the last of each was that a report has an age of. */
  readonly last: { -readonly [what in keyof Ages]: number };
}

/** The times of a state that was handed over at `before`: there it has ages. */
export function timesOf(state: TargetState, before: number): Times {
  const at = (age: number | undefined) => (age === undefined ? undefined : before - age);
  return {
    looked: at(state.lastAgeMs),
    told: at(state.toldAgeMs),
    unseenSince: at(state.unseenForMs),
    began: moments(state.breaches, ({ beganAgeMs }) => at(beganAgeMs)),
    said: moments(state.breaches, ({ saidAgeMs }) => at(saidAgeMs)),
    last: Object.fromEntries(
      Object.entries(state.ages ?? {}).map(([what, age]: [string, number]) => [what, before - age]),
    ),
  };
}

const moments = (breaches: readonly Breach[], moment: (breach: Breach) => number | undefined): Map<string, number> =>
  new Map(
    breaches.flatMap((breach) => {
      const at = moment(breach);
      return at === undefined ? [] : [[breach.trigger, at] as const];
    }),
  );

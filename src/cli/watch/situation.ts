import type { OpenHold } from '../../domain/people/hold.js';
import type { SteeringSignal } from '../../domain/people/steering.js';
import type { Watched } from './watched.js';

/** What can be done now. */
export interface Situation {
  readonly holds: readonly OpenHold[];
  readonly canAbort: boolean;
  /** What its keys offer: nothing of a rehearsal, which nobody steers, and only what may have an effect now. */
  readonly steering: readonly SteeringSignal[];
}

/** As far as it is known: of a run that nobody has told anything of, everything may be. */
export function situationOf({ view, none }: Watched, dryRun: boolean): Situation {
  const open = !none && view?.running !== false;
  const { holds = [], paused, phase, stop, outcome } = view?.status ?? {};
  const steers = open && !dryRun && !stop && outcome === undefined;
  return {
    holds: open && outcome === undefined ? holds : [],
    canAbort: open,
    steering: [
      ...(steers && !paused ? ['pause' as const] : []),
      ...(steers && (paused || phase === undefined) ? ['resume' as const] : []),
      ...(steers && (phase === 'soaking' || phase === undefined) ? ['promote' as const] : []),
    ],
  };
}

import type { Criterion } from './exit-criteria.js';
import { worstText, type Tally } from './hypercare-tally.js';
import type { LiveVersion } from './heard-version.js';
import type { Plan } from '../plan/plan.js';
import type { HypercareResult, HypercareReview } from '../run/status.js';

/** All that is known of a hypercare, as plain data: what another run needs to go on with it at any moment. Moments are epoch milliseconds. */
export interface HypercareState {
  readonly from?: number;
  /** When it was over, whichever way. */
  readonly to?: number;
  /** Up to which review, in milliseconds after it began, people have been told. */
  readonly reviewedTo: number;
  readonly reviews: readonly HypercareReview[];
  /** Since it began, and since the last review. */
  readonly whole: Tally;
  readonly sinceReview: Tally;
  readonly firings: HypercareResult['triggers'];
  /** Of these, the ones since the last review. */
  readonly firingsSinceReview: HypercareResult['triggers'];
  /** When something that is a P1 was last so. */
  readonly lastP1?: number;
  readonly live: LiveVersion;
  readonly heardAt?: number;
  /** Up to when the service's watch saw when it said so. */
  readonly listenedTo?: number;
  /** A live version that people go on with though it isn't the release. */
  readonly accepted?: string | undefined;
  /** Who acknowledged the closing note. */
  readonly acknowledged?: string;
  /** Who ended it though something was missing, why, and what was missing. */
  readonly endedAnyway?: { readonly by: string; readonly reason: string; readonly missing: string };
  /** The criteria as they stood when it was over. */
  readonly atEnd?: readonly Criterion[];
}

/** Before anything is known. */
export const NOTHING: HypercareState = {
  reviewedTo: 0,
  reviews: [],
  whole: [],
  sinceReview: [],
  firings: [],
  firingsSinceReview: [],
  live: { answers: [] },
};

/** How it went, as far as it came. `from` and `to` in epoch milliseconds. */
export function hypercareResult(
  { reviews, whole, firings }: HypercareState,
  { from, to }: { from: number; to: number },
  plan: Pick<Plan, 'checks' | 'triggers'>,
  criteria: readonly Criterion[],
): HypercareResult {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    reviews,
    worst: whole.flatMap((each) => {
      const text = worstText(plan, each);
      return text ? [{ check: each.check, target: each.target, ...text }] : [];
    }),
    blind: whole.flatMap(({ check, target, blindMs }) =>
      blindMs > 0 ? [{ check, target, milliseconds: Math.round(blindMs) }] : [],
    ),
    flaps: whole.flatMap(({ check, target, flaps }) => (flaps > 0 ? [{ check, target, times: flaps }] : [])),
    triggers: firings,
    criteria,
  };
}

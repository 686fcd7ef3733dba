import type { Alert } from '../domain/alert.js';
import type { AlertSource, ExternalAlerts } from '../domain/external-alerts.js';

/** Messages of one source that belong together. */
export interface Untold {
  /** It makes the run act, or act earlier; anything else may wait. */
  readonly urgent: boolean;
  readonly messages: readonly Alert[];
}

/**
 * What a run has to be told so that it knows what was seen: one signal for each change of state, the longest firing first. Flips that came and went
 * before they could be told are one.
 */
export function untold(seen: ExternalAlerts, told: ExternalAlerts): Untold[] {
  const all = seen.flatMap((each) =>
    changeOf(
      each,
      told.find(({ trigger, source }) => trigger === each.trigger && source === each.source),
    ),
  );
  const sinceOf = ({ messages }: Untold) => messages[0]?.since ?? 0;
  return all.sort((a, b) => Number(b.urgent) - Number(a.urgent) || sinceOf(a) - sinceOf(b));
}

function changeOf(seen: AlertSource, told: AlertSource | undefined): Untold[] {
  const { trigger, source, resolvedAt, value } = seen;
  const [began, knownToBegin] = [seen.firingSince[0], told?.firingSince[0]];
  const message = (state: Alert['state'], since: number): Alert => ({
    trigger,
    source,
    state,
    since,
    ...(value === undefined ? {} : { value }),
  });
  if (began === undefined)
    return knownToBegin === undefined || resolvedAt === undefined
      ? []
      : [{ urgent: false, messages: [message('resolved', resolvedAt)] }];
  if (knownToBegin === undefined || began < knownToBegin)
    return [{ urgent: true, messages: [message('firing', began)] }];
  // It was resolved in between: what fires now began later. The new beginning goes first, so that it is never without one.
  if (resolvedAt !== undefined && resolvedAt >= knownToBegin) {
    const again = told?.firingSince.includes(began) ? [] : [message('firing', began)];
    return [{ urgent: false, messages: [...again, message('resolved', resolvedAt)] }];
  }
  return [];
}

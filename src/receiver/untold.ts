import type { Alert } from '../domain/alerts/alert.js';
import type { AlertSource, ExternalAlerts } from '../domain/alerts/external-alerts.js';

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
export function untold(seen: ExternalAlerts, told: ExternalAlerts, now: number): Untold[] {
  const all = seen.flatMap((each) =>
    changeOf(
      each,
      told.find(({ trigger, source }) => trigger === each.trigger && source === each.source),
      now,
    ),
  );
  const sinceOf = ({ messages }: Untold) => messages[0]?.since ?? 0;
  return all.sort((a, b) => Number(b.urgent) - Number(a.urgent) || sinceOf(a) - sinceOf(b));
}

function changeOf(seen: AlertSource, told: AlertSource | undefined, now: number): Untold[] {
  const { resolvedAt, again, unknownSince } = seen;
  const [began, knownToBegin] = [seen.firingSince[0], told?.firingSince[0]];
  const knownAsUnknown = told?.unknownSince !== undefined;
  if (unknownSince !== undefined)
    return knownAsUnknown ? [] : [{ urgent: false, messages: [message(seen, 'unknown', unknownSince)] }];
  if (began === undefined && again) return saidAgain({ ...seen, again }, told, now);
  if (began === undefined)
    return (knownToBegin === undefined && !told?.again && !knownAsUnknown) || resolvedAt === undefined
      ? []
      : [
          {
            urgent: false,
            messages: [message(seen, 'resolved', resolvedAt, told?.again || knownAsUnknown ? now : undefined)],
          },
        ];
  // It was resolved in between: what fires now began later. The new beginning goes first, so that it is never without one.
  if (knownToBegin !== undefined && resolvedAt !== undefined && resolvedAt >= knownToBegin) {
    const known = told?.firingSince.includes(began) === true && !knownAsUnknown;
    return [
      {
        urgent: knownAsUnknown,
        messages: [...(known ? [] : [message(seen, 'firing', began)]), message(seen, 'resolved', resolvedAt)],
      },
    ];
  }
  return knownToBegin === undefined || began < knownToBegin || knownAsUnknown
    ? [{ urgent: true, messages: [message(seen, 'firing', began)] }]
    : [];
}

/** What was heard of a firing after its end, with when: the end before it, then that it was said again, then that it was no stale copy. */
function saidAgain(
  seen: AlertSource & Required<Pick<AlertSource, 'again'>>,
  told: AlertSource | undefined,
  now: number,
): Untold[] {
  const { resolvedAt = 0, again } = seen;
  const knowsTheEnd = told?.resolvedAt !== undefined && told.resolvedAt >= again.since && told.firingSince.length === 0;
  const isOlder = told?.again !== undefined && told.again.heard < again.heard;
  const known = knowsTheEnd && !isOlder && told.unknownSince === undefined ? told.again : undefined;
  const messages = [
    ...(knowsTheEnd && !isOlder ? [] : [message(seen, 'resolved', resolvedAt, again.heard - 1)]),
    ...(known ? [] : [message(seen, 'firing', again.since, again.heard)]),
    ...(again.twice && !known?.twice ? [message(seen, 'firing', again.since, now)] : []),
  ];
  return messages.length === 0 ? [] : [{ urgent: true, messages }];
}

function message(
  { trigger, source, name, link, value }: AlertSource,
  state: Alert['state'],
  since: number,
  heard?: number,
): Alert {
  return {
    trigger,
    source,
    state,
    since,
    ...(heard === undefined ? {} : { heard }),
    ...(value === undefined ? {} : { value }),
    ...(name === undefined ? {} : { name }),
    ...(link === undefined ? {} : { link }),
  };
}

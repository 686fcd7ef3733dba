import type { Alert } from './alert.js';
import { fires, takeAlert, type ExternalAlerts } from './external-alerts.js';

/** So many sources that fire at once are known each by itself: a run hands all it knows to the next one, and the server takes 2 MiB. */
export const MOST_FIRING = 100;
/** Who the others are, all those of a trigger together. */
export const MORE_SOURCES = `more than ${MOST_FIRING} sources`;

/**
 * What is known after one more message, of a bounded length: what fires beyond {@link MOST_FIRING} sources fires as one more source of its trigger,
 * {@link MORE_SOURCES}, until somebody resolves that one. The end of a source that isn't known by itself ends nothing.
 */
export function takeBounded(alerts: ExternalAlerts, alert: Alert): ExternalAlerts {
  const after = withoutTexts(takeAlert(alerts, alert), alerts);
  if (alert.source === MORE_SOURCES || firing(after) <= Math.max(MOST_FIRING, firing(alerts))) return after;
  const { trigger, state, since, heard } = alert;
  return takeAlert(alerts, {
    trigger,
    state,
    since,
    source: MORE_SOURCES,
    ...(heard === undefined ? {} : { heard }),
  });
}

/** Sources that fire and are known by themselves. */
const firing = (alerts: ExternalAlerts) => alerts.filter((each) => fires(each) && each.source !== MORE_SOURCES).length;

/** Nobody is shown what is over. */
const withoutTexts = (after: ExternalAlerts, before: ExternalAlerts): ExternalAlerts =>
  after === before
    ? before
    : after.map((each) => {
        if (fires(each) || each.unknownSince !== undefined) return each;
        const { name, link, value, ...rest } = each;
        return name === undefined && link === undefined && value === undefined ? each : rest;
      });

import { readMoment } from '../time/moment.js';
import { oneLine } from '../text/one-line.js';
import { isName } from '../plan/playbook/scalars.js';

/** What somebody else says of an external trigger: the payload of the signal `alert` (design §4). */
export interface Alert {
  readonly trigger: string;
  /** Unknown: its monitoring says that it can't tell. */
  readonly state: 'firing' | 'resolved' | 'unknown';
  /** Since when it is in that state: when it began to fire, or when it was resolved. Epoch milliseconds. */
  readonly since: number;
  /** When it was heard, by whoever brought it. Epoch milliseconds. */
  readonly heard?: number;
  /** What was measured, for people. */
  readonly value?: string;
  /** Who says so. Several sources of one trigger fire and resolve each for itself. */
  readonly source: string;
  /** What people call it, and where they can look at it. */
  readonly name?: string;
  readonly link?: string;
}

/** The same as it travels: times are ISO, so that a history can be read. */
export type AlertPayload = Omit<Alert, 'since' | 'heard'> & { readonly since: string; readonly heard?: string };

export const alertPayload = ({ since, heard, ...rest }: Alert): AlertPayload => ({
  ...rest,
  since: new Date(since).toISOString(),
  ...(heard === undefined ? {} : { heard: new Date(heard).toISOString() }),
});

const LONGEST = 200;
/** A link that is cut leads nowhere, so a longer one is left out. */
const LONGEST_LINK = 500;
const EXPECTED =
  'Expected one JSON object such as {"trigger":"p1-alert","state":"firing","since":"2026-03-01T02:00:00Z","value":"7.2 %","source":"ana"}, where since, value and source may be left out';

/**
 * Reads the payload of an alert, whatever it is; never throws. A time that is missing or can't be read is `now`, and so is one in the future: a clock
 * that is ahead must not keep an alert from ever being due.
 */
export function readAlert(payload: unknown, now: number): Alert | { readonly refused: string } {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload))
    return refused(`The alert is ${kindOf(payload)}`);
  const {
    trigger,
    state,
    since,
    heard,
    value,
    source,
    name: called,
    link,
    unreadable,
  } = payload as Readonly<Record<string, unknown>>;
  if (unreadable === true) return refused("The alert's payload can't be decoded");
  if (!isName(trigger))
    return refused(
      `The alert's trigger is ${kindOf(trigger)}, not the name of an external trigger of the playbook file`,
    );
  if (state !== 'firing' && state !== 'resolved' && state !== 'unknown')
    return refused(`The alert's state is ${kindOf(state)}, neither "firing" nor "resolved" nor "unknown"`);
  const shown = said(value);
  const heardAt = readMoment(heard);
  const known = said(called);
  const where = linkOf(link);
  return {
    trigger,
    state,
    since: Math.min(readMoment(since) ?? now, now),
    ...(heardAt === undefined ? {} : { heard: Math.min(heardAt, now) }),
    ...(shown === undefined ? {} : { value: shown }),
    source: said(source) ?? 'unknown',
    ...(known === undefined ? {} : { name: known }),
    ...(where === undefined ? {} : { link: where }),
  };
}

const refused = (why: string) => ({ refused: `${why}. ${EXPECTED}.` });

const said = (value: unknown) =>
  (typeof value === 'number' || typeof value === 'string' ? oneLine(String(value), LONGEST) : '') || undefined;

/** An address of the web that people can open, without the password of whoever made it. */
export function linkOf(link: unknown): string | undefined {
  if (typeof link !== 'string' || link.length > LONGEST_LINK) return undefined;
  return /^https?:\/\/[\w.:[\]-]+(?:[/?#][\x21-\x7e]*)?$/i.test(link) ? link : undefined;
}

/** What came, in words that can be shown whatever it was. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return value.trim() ? `"${oneLine(value, 60)}"` : 'an empty text';
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

import { wallText } from '../domain/time/wall-text.js';

/** How moments are shown in a report: as the clocks of a time zone (this host's, if none is given). */
export interface Clocks {
  readonly zone?: string | undefined;
}

/** `2026-11-27 11:26:34 (10:26:34Z)`; where the clocks show UTC `2026-11-27 10:26:34Z`. `unknown` for what is no moment. */
export function momentText(at: string | undefined, { zone }: Clocks): string {
  const moment = Date.parse(at ?? '');
  if (at === undefined || Number.isNaN(moment)) return 'unknown';
  const { day, time } = wallText(moment, zone);
  const utc = wallText(moment, 'UTC');
  if (day === utc.day && time === utc.time) return `${day} ${time}Z`;
  return `${day} ${time} (${utc.day === day ? '' : `${utc.day} `}${utc.time}Z)`;
}

/** `11:26:34`, without its day: in tables under a heading that has it. */
export function clockText(at: string | undefined, { zone }: Clocks): string {
  const moment = Date.parse(at ?? '');
  return Number.isNaN(moment) ? 'unknown' : wallText(moment, zone).time;
}

/** `in Europe/Madrid, and in UTC` */
export const zoneText = ({ zone = Intl.DateTimeFormat().resolvedOptions().timeZone }: Clocks): string =>
  zone === 'UTC' ? 'in UTC' : `as the clocks in ${zone} show them, with UTC as Z`;

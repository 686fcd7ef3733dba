import { wallText } from '../domain/time/wall-text.js';

/** How moments are shown in a report: as the clocks of a time zone (this host's, if none is given). */
export interface Clocks {
  readonly zone?: string | undefined;
  /** Times in tables have their day too: the go-live lasts over midnight. */
  readonly withDay?: boolean;
}

/** The clocks for a stretch of time: over midnight its days are told. ISO. */
export const clocksFor = <C extends Clocks>(clocks: C, from: string, to: string): C => {
  const days = [from, to].map((each) => momentText(each, clocks).slice(0, 10));
  return { ...clocks, withDay: days[0] !== days[1] };
};

/** `2026-11-27 11:26:34 (10:26:34Z)`; where the clocks show UTC `2026-11-27 10:26:34Z`. `unknown` for what is no moment. */
export function momentText(at: string | undefined, { zone }: Clocks): string {
  const moment = Date.parse(at ?? '');
  if (at === undefined || Number.isNaN(moment)) return 'unknown';
  const { day, time } = wallText(moment, zone);
  const utc = wallText(moment, 'UTC');
  if (day === utc.day && time === utc.time) return `${day} ${time}Z`;
  return `${day} ${time} (${utc.day === day ? '' : `${utc.day} `}${utc.time}Z)`;
}

/** `11:26:34`; of a go-live that lasts over midnight `11-27 11:26:34`. */
export function clockText(at: string | undefined, { zone, withDay }: Clocks): string {
  const moment = Date.parse(at ?? '');
  if (Number.isNaN(moment)) return 'unknown';
  const { day, time } = wallText(moment, zone);
  return withDay ? `${day.slice(5)} ${time}` : time;
}

/** `in Europe/Madrid, and in UTC` */
export const zoneText = ({ zone = Intl.DateTimeFormat().resolvedOptions().timeZone }: Clocks): string =>
  zone === 'UTC' ? 'in UTC' : `as the clocks in ${zone} show them, with UTC as Z`;

/** An ISO time as people read it where there is little room: `2026-11-27 07:36:32Z`. */
export const shortIso = (time: string): string => time.replace(/^(\S+)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2Z');

/** A moment in epoch milliseconds likewise. */
export const shortMoment = (moment: number): string => shortIso(iso(moment));

/** A moment in epoch milliseconds as ISO text. */
export const iso = (moment: number): string => new Date(moment).toISOString();

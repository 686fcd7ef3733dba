/** A moment in epoch milliseconds as ISO text. */
export const iso = (moment: number): string => new Date(moment).toISOString();

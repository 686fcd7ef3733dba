const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/**
 * `20261123T083910Z`, or ISO 8601 with its zone, as epoch milliseconds. Undefined for anything else: without a zone nobody knows whose clock it was,
 * and JavaScript would read a date in almost anything.
 */
export function readTimestamp(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = COMPACT.exec(text) ?? [];
  const [, date, time, fraction = '', zone = ''] =
    ISO.exec(year === undefined ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`) ?? [];
  // A 31st of February would become a day of March.
  if (date === undefined || time === undefined || !isDay(date)) return undefined;
  const at = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(at) ? undefined : at;
}

function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

/** How far the clocks of two hosts may lie apart, in milliseconds: what is later than that is of the future, and says nothing of now. */
export const CLOCKS_APART_MS = 5 * 60_000;

/** Before this nothing that golive is told of can have happened: zero times of other programs, and seconds given for milliseconds, are earlier. */
const EARLIEST = Date.UTC(2000, 0, 1);
/** With its zone: without one it would mean another moment on every worker. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;

/** A moment somebody else wrote down, ISO text with its zone or epoch milliseconds, as epoch milliseconds; undefined for anything else. */
export function readMoment(written: unknown): number | undefined {
  const at =
    typeof written === 'string' && isInCalendar(written)
      ? Date.parse(written)
      : typeof written === 'number'
        ? Math.floor(written)
        : NaN;
  return at >= EARLIEST && at < 8.64e15 ? at : undefined;
}

/** No 31 November, which would be read as the day after the 30th. */
function isInCalendar(text: string): boolean {
  const [, year, month, day] = ISO.exec(text) ?? [];
  return (
    year !== undefined && new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}

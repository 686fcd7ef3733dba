const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = '(?<time>\\d\\d:\\d\\d:\\d\\d)';
const MONTH = `(?<month>${MONTHS.join('|')})`;
/** The three forms of a date that HTTP has (RFC 9110, 5.6.7), and the one of everywhere else. All are UTC. */
const DATES = [
  new RegExp(`^\\w{3}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^\\w{6,9}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^\\w{3} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * When a `Retry-After` asks to be asked again, in milliseconds from `now` (epoch milliseconds): seconds, also with a fraction, or a date; one that has
 * passed is 0. Undefined for everything else: JavaScript would read a date even in "-5" or "soon 1".
 */
export function retryAfterMs(header: string, now: number): number | undefined {
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), Number.MAX_SAFE_INTEGER);
  const at = ISO.test(text) ? Date.parse(text) : httpDate(text, now);
  return at === undefined || Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function httpDate(text: string, now: number): number | undefined {
  const parts = DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!parts) return undefined;
  const { year = '', month = '', day = '', time = '' } = parts;
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return Date.parse(
    `${year.length === 2 ? century(Number(year), now) : year}-${number}-${day.trim().padStart(2, '0')}T${time}Z`,
  );
}

/** Of a year with two digits: the one that is at most fifty years ahead. */
function century(year: number, now: number): number {
  const current = new Date(now).getUTCFullYear();
  const full = current - (current % 100) + year;
  return full > current + 50 ? full - 100 : full;
}

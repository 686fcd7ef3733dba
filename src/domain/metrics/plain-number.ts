/** More characters than this are no number that anybody counted to. */
const LONGEST = 64;

/** A number as Prometheus's text format writes it, with NaN and infinities; undefined for everything else, such as `2,5`, `0x10` or nothing. */
export function plainNumber(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

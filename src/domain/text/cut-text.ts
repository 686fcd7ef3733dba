/** The beginning of a text, at most `longest` UTF-16 units of it, never half of a character. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return text.slice(0, isHigh(text, longest - 1) ? longest - 1 : longest);
}

/** The end of a text, likewise. */
export function cutFront(text: string, longest: number): string {
  const from = text.length - longest;
  if (from <= 0) return text;
  return text.slice(isHigh(text, from - 1) ? from + 1 : from);
}

/** The text; one that is longer than `longest` ends with `…` there. */
export const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${cut(text, longest - 1)}…` : text;

const isHigh = (text: string, at: number): boolean => /^[\ud800-\udbff]$/.test(text.charAt(at));

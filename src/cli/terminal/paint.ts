const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof CODES;
export type Paint = (colour: Colour, text: string) => string;

export const plainPaint: Paint = (_, text) => text;
const ansiPaint: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;

/** Colours only for a person who looks on, and not for one who said NO_COLOR (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? ansiPaint : plainPaint;
}

import { z } from 'zod';
import { parseDuration } from '../../time/duration.js';

/** What a measured number is: a ratio from 0 to 1, milliseconds, or a plain number. */
export const UNITS = ['ratio', 'ms', 'number'] as const;
export type Unit = (typeof UNITS)[number];

/** One side of a number: `{ is: 'below', value: 0.01 }` is kept by everything under 1 %. */
export interface Bound {
  readonly is: Side;
  /** In the unit of its check. */
  readonly value: number;
}

const SIDES = ['below', 'atMost', 'above', 'atLeast'] as const;
export type Side = (typeof SIDES)[number];

const written = z.union([z.string(), z.number()], { error: 'must be a number, such as 1%, 350ms or 5' }).optional();

/** The keys of a bound as they are written: exactly one of them. */
export const boundKeys = { below: written, atMost: written, above: written, atLeast: written };
type Written = { readonly [side in Side]?: string | number | undefined };

export const hasBound = (value: Written): boolean => SIDES.some((side) => value[side] !== undefined);

/** Reads the one bound that is written, in a unit. What is wrong with it goes to `fault`. */
export function boundOf(value: Written, unit: Unit, fault: (message: string, key?: Side) => void): Bound | undefined {
  const given = SIDES.filter((side) => value[side] !== undefined);
  const [side] = given;
  if (side === undefined || given.length > 1) {
    fault(`needs exactly one of ${SIDES.join(', ')}${given.length > 1 ? `, got ${given.join(' and ')}` : ''}`);
    return undefined;
  }
  const number = numberIn(value[side] ?? '', unit);
  if (number === undefined) {
    fault(`"${value[side]}" is not ${WANTED[unit]}`, side);
    return undefined;
  }
  return { is: side, value: number };
}

const WANTED = {
  ratio: 'a share: write 1% or 0.01',
  ms: 'a time: write 350ms or 1.5s',
  number: 'a number: write it without a unit',
} as const;

function numberIn(text: string | number, unit: Unit): number | undefined {
  if (unit === 'ms') {
    try {
      return parseDuration(String(text));
    } catch {
      return undefined; // the caller says what was wanted
    }
  }
  const percent = unit === 'ratio' ? /^([\d.]+)\s*%$/.exec(String(text))?.[1] : undefined;
  const number = percent === undefined ? Number(text) : Number(percent) / 100;
  // A bare 1 may be meant as 1 %, and would be 100 %.
  const inRange =
    Number.isFinite(number) &&
    String(text).trim() !== '' &&
    (unit !== 'ratio' || (number >= 0 && (percent === undefined ? number < 1 : number <= 1)));
  return inRange ? number : undefined;
}

/** Whether it is about more of something. */
export const isUpper = ({ is }: Bound): boolean => is === 'above' || is === 'atLeast';

/** Whether a value is on that side. */
export function keeps({ is, value: limit }: Bound, value: number): boolean {
  switch (is) {
    case 'below':
      return value < limit;
    case 'atMost':
      return value <= limit;
    case 'above':
      return value > limit;
    case 'atLeast':
      return value >= limit;
  }
}

/** `0.42 %`, `612 ms`, `3`: as people read it, never rounded to nothing, nor onto or over one of the limits it is held against. */
export function formatValue(value: number, unit: Unit, limits: readonly number[] = []): string {
  const exact = (number: number) => Number((unit === 'ratio' ? number * 100 : number).toPrecision(MOST_DIGITS));
  const shown = exact(value);
  let digits = Math.min(MOST_DIGITS, Math.abs(shown) >= 100 ? Math.trunc(Math.log10(Math.abs(shown))) + 1 : 3);
  const rounded = () => Number(shown.toPrecision(digits));
  while (
    digits < MOST_DIGITS &&
    limits.some((limit) => Math.sign(rounded() - exact(limit)) !== Math.sign(shown - exact(limit)))
  )
    digits += 1;
  return `${rounded()}${{ ratio: ' %', ms: ' ms', number: '' }[unit]}`;
}

/** More would show how numbers are stored, not what they are: 7.000000000000001. */
const MOST_DIGITS = 15;

const SIGN = { below: '<', atMost: '≤', above: '>', atLeast: '≥' } as const;

/** `< 1 %` */
export const formatBound = ({ is, value }: Bound, unit: Unit): string =>
  `${SIGN[is]} ${formatValue(value, unit, [value])}`;

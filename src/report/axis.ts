import { formatValue, isUpper, type Unit } from '../domain/plan/playbook/bound.js';
import type { Line } from '../domain/evidence/report/measures.js';
import { wallText } from '../domain/time/wall-text.js';

/** A place on an axis, from 0 to 1, with what stands there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** What a chart's height stands for, in the unit of its values. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((each) => each * HOUR),
];
const TICKS = 8;

/** Where a moment is between two others, from 0 to 1. All in epoch milliseconds. */
export const placeIn =
  (from: number, to: number) =>
  (moment: number): number =>
    to <= from ? 0 : Math.min(1, Math.max(0, (moment - from) / (to - from)));

/** Whole times of the local clocks between two moments, at most {@link TICKS} or one more. Epoch milliseconds. */
export function timeTicks(from: number, to: number, zone?: string): Tick[] {
  const length = Math.max(1, to - from);
  const step = STEPS.find((each) => length / each <= TICKS) ?? Math.ceil(length / TICKS / (24 * HOUR)) * 24 * HOUR;
  const { day, time } = wallText(from, zone);
  const ahead = Date.parse(`${day}T${time}Z`) - Math.floor(from / SECOND) * SECOND;
  const place = placeIn(from, to);
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from + ahead) / step) * step - ahead; at <= to; at += step) {
    const local = wallText(at, zone);
    const clock = step < MINUTE ? local.time : local.time.slice(0, 5);
    ticks.push({ at: place(at), text: length > 20 * HOUR ? `${local.day.slice(5)} ${clock}` : clock });
  }
  return ticks;
}

/** What has to be seen: all values and all limits, from 0 on where that doesn't hide how they differ; a share never beyond 100 %. `marked`: with room above for the name of what fired. */
export function rangeOf(
  values: readonly number[],
  lines: readonly Pick<Line, 'bound'>[],
  unit: Unit,
  marked = false,
): Range {
  const all = [...values, ...lines.map(({ bound }) => bound.value)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (!Number.isFinite(least) || !Number.isFinite(most)) return { low: 0, high: 1 };
  if (least === 0 && most === 0) return { low: 0, high: 1 };
  const room = (most - least || Math.abs(most) || 1) * (marked ? 0.25 : 0.08);
  const low = least >= 0 && least < most / 2 ? 0 : least >= 0 ? Math.max(0, least - room) : least - room;
  const high = most + room;
  return { low, high: unit === 'ratio' && most <= 1 && !marked ? Math.min(1, high) : high };
}

/** Round numbers on the way up, in words of their unit. */
export function valueTicks({ low, high }: Range, unit: Unit): Tick[] {
  const scale = unit === 'ratio' ? 100 : 1;
  const raw = ((high - low) * scale) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power;
  const ticks: Tick[] = [];
  for (let index = Math.ceil((low * scale) / step - 1e-9); index * step <= high * scale * (1 + 1e-9); index += 1) {
    const value = Number((index * step).toPrecision(12)) / scale;
    ticks.push({ at: (value - low) / (high - low), text: formatValue(value, unit) });
    if (ticks.length > 20) break;
  }
  return ticks;
}

/** The value that was furthest to the wrong side of a guardrail; without one the highest. */
export function worstOf(values: readonly number[], guardrail?: Line): number | undefined {
  if (values.length === 0) return undefined;
  return guardrail && isUpper(guardrail.bound) ? Math.min(...values) : Math.max(...values);
}

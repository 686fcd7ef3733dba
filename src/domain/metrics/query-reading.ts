import type { Reading } from '../watching/reading.js';
import type { Sample } from './prometheus-parts.js';

/** The number of an answer to a plan's own PromQL: `empty` and NaN are told apart from a number, for a denominator may explain them. */
export type Answered =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'empty' | 'nan' }
  | { readonly kind: 'unusable'; readonly text: string };

/** Exactly one number is an answer. */
export function answered(samples: readonly Sample[]): Answered {
  const [first, second] = samples;
  if (first === undefined) return { kind: 'empty' };
  if (second !== undefined)
    return {
      kind: 'unusable',
      text: `the PromQL gives ${samples.length} series, expected one number: aggregate it, for instance with sum(…)`,
    };
  if (Number.isNaN(first.value)) return { kind: 'nan' };
  if (!Number.isFinite(first.value))
    return { kind: 'unusable', text: `the PromQL gives ${first.value > 0 ? '+Inf' : '-Inf'}` };
  return { kind: 'number', value: first.value };
}

/** Only a plain number above zero needs no denominator: everything else can also mean that there is nothing to measure. */
export const needsDenominator = (answer: Answered): boolean =>
  answer.kind === 'empty' || answer.kind === 'nan' || (answer.kind === 'number' && answer.value === 0);

/**
 * The reading of a plan's own PromQL. With traffic (`denominator` above zero) an empty answer is a zero; without traffic it is idle; without a
 * denominator nobody can say.
 */
export function queryReading(answer: Answered, denominator: Answered | undefined): Reading {
  if (answer.kind === 'unusable') return { kind: 'none', text: answer.text };
  if (answer.kind === 'number' && (answer.value !== 0 || denominator === undefined))
    return { kind: 'value', value: answer.value };
  if (denominator === undefined)
    return {
      kind: 'none',
      text: `the PromQL gives ${answer.kind === 'nan' ? 'NaN' : 'nothing'}: only a denominator could tell that there was nothing to measure from metrics that are gone`,
    };
  if (denominator.kind === 'unusable') return { kind: 'none', text: `denominator: ${denominator.text}` };
  if (denominator.kind === 'empty')
    return {
      kind: 'none',
      text: 'the PromQL and its denominator give nothing: their metrics are gone, or have other names',
    };
  if (denominator.kind === 'nan' || (denominator.kind === 'number' && denominator.value <= 0))
    return { kind: 'idle', text: 'nothing to measure: the denominator is not above zero' };
  if (answer.kind === 'nan')
    return { kind: 'none', text: 'the PromQL gives NaN although its denominator is above zero' };
  return { kind: 'value', value: 0 };
}

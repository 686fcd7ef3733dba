import { oneLine } from './one-line.js';

/** A value of a JSON text as people are shown it. */
export const shownJson = (value: unknown): string => (value === undefined ? 'missing' : oneLine(textOf(value), 80));

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'too deep to show'; // it lies deeper in itself than the stack is
  }
}

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

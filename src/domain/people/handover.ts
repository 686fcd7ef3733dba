import { z } from 'zod';
import { line, sentences } from '../run/input.js';

/** It becomes part of a command to paste, and of messages. */
const name = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} .,'’@_+-]{0,99}$/u,
    "must be a name: letters, digits, spaces and . , ' @ _ + -, at most 100",
  );
const request = z.strictObject({ to: name, by: line(), reason: line() });

/** Somebody wants another to be the decision owner. */
export type HandOver = z.output<typeof request>;

/** Reads the payload of a handover, or throws a sentence that says what was expected. */
export function readHandOver(raw: unknown): HandOver {
  const parsed = request.safeParse(raw);
  if (!parsed.success) throw new Error(`A handover is {"to","by","reason"}: ${sentences(parsed.error).join('; ')}.`);
  return parsed.data;
}

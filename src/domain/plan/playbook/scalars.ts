import { z } from 'zod';
import { parseDuration } from '../../time/duration.js';
import { placeholdersIn } from '../placeholders.js';

/** The values a playbook file is made of. */

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** What {@link name} takes. */
export const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);
export const name = z.string().regex(NAME, 'must be a name of small letters, digits and dashes, such as rolling-25');
export const text = z.string().min(1, 'must not be empty');

/** A piece of a command line as people type it. */
export const shellLine = text.max(200, 'must have 200 characters at most').regex(/^[^\p{Cc}]*$/u, 'must be one line');

const duration = z
  .string({ error: 'must be a duration with a unit, such as 30s, 10m or 72h' })
  .transform((value, context) => {
    try {
      return parseDuration(value);
    } catch (error) {
      const message = value.includes('${')
        ? 'must be written out: a duration from the environment would not be covered by the plan hash'
        : (error as Error).message;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });
const YEAR = parseDuration('365d');
/** A duration in milliseconds. */
export const positive = duration
  .refine((milliseconds) => milliseconds > 0, 'must be longer than zero')
  .refine((milliseconds) => milliseconds <= YEAR, 'must not be longer than 365d');

export const url = text.refine(
  (value) => /^https?:\/\//.test(value) || value.startsWith('${'),
  'must begin with http:// or https://, or with ${VAR}',
);
export const path = z.string().startsWith('/', 'must be a path that begins with /');

/** Refuses a `{name}` that isn't one of these. */
export function onlyPlaceholders(allowed: readonly string[]) {
  return (value: string | string[], context: z.RefinementCtx) => {
    for (const used of placeholdersIn([value].flat().join(' '))) {
      if (!allowed.includes(used))
        context.addIssue({
          code: 'custom',
          message: `has {${used}}, which doesn't exist here. Use one of ${allowed.map((known) => `{${known}}`).join(', ')}`,
        });
    }
  };
}

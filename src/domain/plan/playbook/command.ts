import { z } from 'zod';
import { onlyPlaceholders, positive, text } from './scalars.js';

/** Names that `{…}` may use in every command; a backup's and its validation's can use more. */
export const COMMAND_VALUES = ['environment', 'release', 'previousRelease'] as const;

/** One line as the playbook prints it, split at spaces, or a list of arguments. No shell reads it. `more`: what only this command can name. */
export const argvWith = (...more: string[]) =>
  z
    .union([text, z.array(z.string()).min(1)], { error: 'must be a command line, or a list of arguments' })
    .superRefine(onlyPlaceholders([...COMMAND_VALUES, ...more]))
    .transform((value, context) => {
      if (typeof value !== 'string') return value;
      if (/["'`|;&<>*?\\]|\$\(/.test(value)) {
        context.addIssue({
          code: 'custom',
          message:
            'has a quote or shell character, and no shell reads it. Write the command as a list of arguments instead',
        });
        return z.NEVER;
      }
      return value.trim().split(/\s+/);
    });
export const argv = argvWith();

export const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());

export const command = z.strictObject({
  run: argv,
  workingDirectory: text.optional(),
  environment: variables.default({}),
  deadline: positive.default(60_000),
});

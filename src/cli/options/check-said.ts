import { z } from 'zod';
import { line, sentences } from '../../domain/run/input.js';
import { expiry } from '../../domain/rollback/restore-approval.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/** What a person says to a go-live in options, by their names without dashes. */
const said = z.object({
  hold: line().optional(),
  choice: line().optional(),
  to: line().optional(),
  by: line().optional(),
  reason: line().optional(),
  expires: expiry().optional(),
});

/** Throws a {@link CliError} that names each option that no go-live would take. @param what is sent: `decision` */
export function checkSaid(options: object, what: string): void {
  const { error } = said.safeParse(options);
  if (error)
    throw new CliError(
      EXIT.usage,
      `This ${what} can't be sent: ${sentences(error, (place) => `--${place}`).join('; ')}. Nothing was sent.`,
      { cause: error },
    );
}

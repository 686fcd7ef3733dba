import { z } from 'zod';
import { argvWith, command } from './command.js';
import { positive, text } from './scalars.js';

const onBackup = command.extend({ run: argvWith('manifest') });

/** Playbook §5.3: "Restore data if required (only after incident lead approval)". Without it nobody is asked. */
export const restore = z.strictObject({
  /** The incident leads: nobody else's approval counts. */
  leads: z.array(text).min(1, 'needs at least one incident lead'),
  /** When they are asked (docs/rollback.md says when data can be wrong). A plan that an earlier version has frozen has none: always. */
  propose: z
    .enum(['always', 'when-data-can-be-wrong'], 'must be always or when-data-can-be-wrong')
    .default('when-data-can-be-wrong'),
  /** For how long they are asked; silence is a no. */
  askFor: positive.default(4 * 3_600_000),
  /** OpenSSH's allowed signers: with it an approval has to be signed by the lead it names. */
  signers: text.optional(),
  /** Restores into a scratch database and prints the path of its report, whose status decides: PASS or FAIL. */
  drill: onBackup,
  /** The team's own restore into production, after a drill that passed. */
  restore: onBackup.optional(),
});

export type Restore = z.output<typeof restore>;

import type { CommandEnd } from '../../domain/commands/command.js';
import type { CommandOutcome } from '../../ledger/ledger.js';

/** What the history keeps of an outcome; the rest stays in the ledger. */
export function endOf(outcome: CommandOutcome): CommandEnd {
  switch (outcome.kind) {
    case 'exited':
      return { kind: 'exited', exitCode: outcome.exitCode };
    case 'signalled':
      return { kind: 'signalled', signal: outcome.signal };
    case 'not-started':
      return { kind: 'not-started', why: outcome.reason };
    case 'busy':
    case 'unknown':
      return outcome;
    case 'deadline':
    case 'stopped':
      return { kind: outcome.kind };
  }
}

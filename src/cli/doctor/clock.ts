import { lasted } from '../../domain/time/lasted.js';
import { found, type Diagnosis } from './diagnosis.js';

/** People compare times of several machines at night; golive itself compares none with another's. */
const MOST_MS = 2_000;

/**
 * This host's clock against another one's.
 * @param other what it said, epoch milliseconds
 * @param from the moment here before it was asked; `to`: after it has answered
 */
export function clockDiagnosis(whose: string, other: number, from: number, to: number): Diagnosis {
  const ahead = other > to ? other - to : other < from ? other - from : 0;
  const off = Math.abs(ahead) > MOST_MS;
  return found(
    'clocks',
    whose,
    off ? 'warn' : 'ok',
    Math.abs(ahead) < 1_000
      ? 'goes with this host’s'
      : `is ${lasted(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} this host’s`,
    {
      cure: 'Let both hosts follow a time server: the times in messages, logs and the timeline don’t fit together.',
      command: 'timedatectl status',
    },
  );
}

import { UNKNOWN } from '../people/said-by.js';
import type { Decision } from '../people/hold.js';
import { shortened } from '../text/cut-text.js';
import type { Stop } from './status.js';

/** What a question was about stays readable: it may list many findings. Characters. */
const LONGEST = 400;

/** The stop that a person's answer to a question is: it keeps what was asked. */
export const stopBy = ({ by, reason, choice, about }: Decision): Omit<Stop, 'at'> => ({
  kind: 'decision',
  by,
  reason,
  ...(about === undefined ? {} : { choice, about: shortened(about, LONGEST) }),
});

/** Why it stopped, where who stopped it is said already: `looked at it; roll-back was the answer to: No readings of p95 …`. */
export function reasonText({
  reason,
  choice,
  about,
  also = [],
}: Pick<Stop, 'reason' | 'choice' | 'about' | 'also'>): string {
  return [
    reason,
    ...(about === undefined ? [] : [`${choice} was the answer to: ${withoutStop(about)}`]),
    ...also.map((each) => `${each.by} too: ${each.reason}`),
  ].join('; ');
}

/** Why it stopped, with who: the cause, the person and the evidence, for messages and summaries. */
export function causeText(stop: Omit<Stop, 'at'>): string {
  const { kind, by, reason, choice, about, also = [] } = stop;
  const first =
    about !== undefined
      ? `${by} decided ${choice} (${reason}): ${withoutStop(about)}`
      : kind === 'abort' || kind === 'decision'
        ? `${reason} (${kind === 'abort' ? 'aborted' : 'decided'}${by === UNKNOWN ? '' : ` by ${by}`})`
        : reason;
  return [first, ...also.map((each) => `${each.by} too: ${each.reason}`)].join('; ');
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');

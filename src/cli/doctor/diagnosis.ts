/** One thing that `golive doctor` has looked at, and what mends it. */
export interface Diagnosis {
  readonly about: 'server' | 'workers' | 'playbook' | 'commands' | 'service' | 'clocks' | 'ledger' | 'supervisor';
  readonly what: string;
  /** `warn`: a go-live can begin, and something may go wrong later. `bad`: it can't, or would go wrong. */
  readonly state: 'ok' | 'warn' | 'bad';
  readonly detail: string;
  /** A sentence that says what to do; missing where nothing is to be done. */
  readonly cure?: string;
  /** The same as a command to paste. */
  readonly command?: string;
}

type Cure = Pick<Diagnosis, 'cure' | 'command'>;
export type About = Diagnosis['about'];

/** Says what was found of one thing. */
export const found = (
  about: About,
  what: string,
  state: Diagnosis['state'],
  detail: string,
  cure: Cure = {},
): Diagnosis => ({ about, what, state, detail, ...(state === 'ok' ? {} : cure) });

/** Nothing is waited for longer than this, in milliseconds. */
export const LONGEST_MS = 5_000;

/**
 * Looks at something for some five seconds at most. What takes longer, and what fails, is a diagnosis as well; never rejects.
 * @param look is told by the signal that nobody waits any more
 */
export async function examined(
  about: About,
  what: string,
  look: (signal: AbortSignal) => Promise<Diagnosis[]>,
  longestMs = LONGEST_MS,
): Promise<Diagnosis[]> {
  const over = new AbortController();
  let stop: NodeJS.Timeout | undefined;
  const late = new Promise<Diagnosis[]>((resolve) => {
    stop = setTimeout(() => {
      over.abort();
      resolve([
        found(about, what, 'bad', `no answer within ${longestMs / 1_000} s`, {
          cure: 'Look what it waits for, and ask again.',
        }),
      ]);
    }, longestMs);
  });
  try {
    return await Promise.race([
      look(over.signal).catch((error: unknown) => [
        found(about, what, 'bad', error instanceof Error ? error.message : String(error), {
          cure: 'Mend what it says, and ask again.',
        }),
      ]),
      late,
    ]);
  } finally {
    clearTimeout(stop);
  }
}

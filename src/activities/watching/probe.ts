import type { Playbook, ProbeCheck } from '../../domain/plan/playbook.js';
import type { Reading } from '../../domain/watching/reading.js';
import { resolve, type Environment } from '../../plans/variables.js';
import { ask } from '../http.js';

/** One look at one address. Only 200 is good: no answer, a redirect and every other status are not (playbook §4). */
export async function probe(
  url: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Reading & { kind: 'good' | 'bad'; answered: boolean }> {
  try {
    const { status, milliseconds } = await ask(url, { timeoutMs, ...(signal ? { signal } : {}) });
    return { kind: status === 200 ? 'good' : 'bad', text: `${status} in ${milliseconds} ms`, answered: true };
  } catch (error) {
    // A look that was broken off, because the worker stops or nobody waits for it, says nothing about the service.
    signal?.throwIfAborted();
    return { kind: 'bad', text: (error as Error).message, answered: false };
  }
}

/**
 * The same for a check, with the playbook's control URL in mind: a service that doesn't answer at all, while the control doesn't either, is not known
 * to be down. An answer is an answer, whatever the control says.
 */
export async function probeCheck(
  url: string,
  check: ProbeCheck,
  control: Playbook['control'],
  environment: Environment,
  signal: AbortSignal,
): Promise<Reading> {
  const { answered, ...reading } = await probe(url + check.path, check.timeout, signal);
  if (answered || !control) return reading;
  const other = await probe(resolve(control.url, environment), control.timeout, signal);
  return other.answered
    ? reading
    : { kind: 'none', text: `cut off: ${reading.text}, and the control URL gives ${other.text}` };
}

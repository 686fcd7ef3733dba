import type { Reading } from '../domain/watching.js';
import { ask } from './http.js';

/** One look at one address. Only 200 is clean: no answer, a redirect and every other status are not (playbook §4). */
export async function probe(url: string, timeoutMs: number, signal?: AbortSignal): Promise<Reading> {
  try {
    const { status, milliseconds } = await ask(url, { timeoutMs, ...(signal ? { signal } : {}) });
    return { ok: status === 200, text: `${status} in ${milliseconds} ms` };
  } catch (error) {
    // A look that was broken off, because the worker stops or nobody waits for it, says nothing about the service.
    signal?.throwIfAborted();
    return { ok: false, text: (error as Error).message };
  }
}

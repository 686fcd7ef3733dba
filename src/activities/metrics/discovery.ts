import { endpointsIn } from '../../domain/metrics/discovered.js';
import { ask } from '../http.js';

/** The metrics endpoints that a Prometheus HTTP service discovery lists. Rejects with a sentence. */
export async function discover(url: string, path: string, timeoutMs: number, signal: AbortSignal): Promise<string[]> {
  const { status, body } = await ask(url, { timeoutMs, signal, headers: { accept: 'application/json' } }).catch(
    (error: unknown) => {
      throw new Error(`the discovery of instances doesn't answer (${(error as Error).message})`, { cause: error });
    },
  );
  if (status !== 200) throw new Error(`the discovery of instances answered ${status}`);
  return endpointsIn(body, path);
}

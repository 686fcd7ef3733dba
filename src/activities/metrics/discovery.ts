import { z } from 'zod';
import { ask } from '../http.js';

const groups = z.array(
  z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()).default({}) }),
);

/** More instances than this are a mistake in the discovery, not a service. */
const MOST_INSTANCES = 500;

/** The instances that a Prometheus HTTP service discovery lists, as base URLs, each once. Rejects with a sentence. */
export async function discover(url: string, timeoutMs: number, signal: AbortSignal): Promise<string[]> {
  const { status, body } = await ask(url, { timeoutMs, signal, headers: { accept: 'application/json' } }).catch(
    (error: unknown) => {
      throw new Error(`the discovery of instances doesn't answer (${(error as Error).message})`, { cause: error });
    },
  );
  if (status !== 200) throw new Error(`the discovery of instances answered ${status}`);
  const parsed = groups.safeParse(json(body));
  if (!parsed.success)
    throw new Error(
      `expected of the discovery of instances JSON such as [{"targets":["10.0.0.7:8000"]}]; got ${
        body
          .slice(0, 80)
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim() || 'nothing'
      }`,
    );
  const bases = parsed.data.flatMap(({ targets, labels }) =>
    targets.map((target) => `${labels['__scheme__'] ?? 'http'}://${target}`),
  );
  if (bases.length > MOST_INSTANCES)
    throw new Error(
      `the discovery lists ${bases.length} instances, and golive scrapes at most ${MOST_INSTANCES}: use metrics.prometheus`,
    );
  return [...new Set(bases)];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what came is shown by the caller
  }
}

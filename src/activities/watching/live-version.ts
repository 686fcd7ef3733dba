import { cut } from '../../domain/text/cut-text.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Environment } from '../../plans/variables.js';
import { ask } from '../http.js';
import { retryably } from '../patience.js';
import { targetUrl } from './targets.js';

const TIMEOUT_MS = 5_000;
/** As long as a release's tag may be: what is longer is none, and goes into no history as a whole. */
const LONGEST = 128;

/** What a target says it is, on a fresh connection. `text` is for people; there is no version when the answer can't be read. Rejects when it was broken off. */
export async function versionAt(
  plan: Plan,
  target: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<{ version?: string; text: string }> {
  const url = await retryably(() => targetUrl(plan, target, environment) + plan.liveVersion.path);
  try {
    const { status, body } = await ask(url, { timeoutMs: TIMEOUT_MS, signal });
    if (status !== 200) return { text: `no version (status ${status})` };
    const version = (JSON.parse(body) as Record<string, unknown>)[plan.liveVersion.field];
    return typeof version === 'string'
      ? { version: cut(version, LONGEST), text: cut(version, LONGEST) }
      : { text: `no ${plan.liveVersion.field} in the answer` };
  } catch (error) {
    signal.throwIfAborted();
    return { text: `no version (${(error as Error).message})` };
  }
}

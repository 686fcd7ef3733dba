import { cut } from '../../domain/text/cut-text.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Environment } from '../../plans/variables.js';
import { ask, type Answer } from '../http.js';
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
    return versionIn(plan, await ask(url, { timeoutMs: TIMEOUT_MS, signal }));
  } catch (error) {
    signal.throwIfAborted();
    return { text: `no version (${(error as Error).message})` };
  }
}

/** The version in an answer of the plan's own path for it. Throws for a 200 that isn't JSON. */
export function versionIn(
  { liveVersion: { field } }: Pick<Plan, 'liveVersion'>,
  { status, body }: Pick<Answer, 'status' | 'body'>,
): { version?: string; text: string } {
  if (status !== 200) return { text: `no version (status ${status})` };
  const version = (JSON.parse(body) as Record<string, unknown>)[field];
  return typeof version === 'string'
    ? { version: cut(version, LONGEST), text: cut(version, LONGEST) }
    : { text: `no ${field} in the answer` };
}

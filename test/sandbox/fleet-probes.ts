import { setTimeout as pause } from 'node:timers/promises';
import { httpJson, type JsonAnswer } from '../../sandbox/http-json.js';
import type { Sandbox } from '../../sandbox/sandbox.js';

/** How often each release answers /health over fresh connections, as a tally such as { 'RC.2': 27, 'RC.3': 3 }. */
export async function versions(url: string, probes: number): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (let probe = 0; probe < probes; probe += 1) {
    const { version } = (await httpJson(`${url}/health`)).body as { version: string };
    tally[version] = (tally[version] ?? 0) + 1;
  }
  return tally;
}

export async function logIn(sandbox: Sandbox, url = sandbox.info.url): Promise<string> {
  const body = { username_or_email: sandbox.info.username, password: sandbox.info.password };
  const answer = await httpJson(`${url}/aris3/auth/login`, { method: 'POST', body });
  return (answer.body as { access_token: string }).access_token;
}

export const get = (url: string, token?: string): Promise<JsonAnswer> =>
  httpJson(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

/** Waits until something holds; says what when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`expected within 10 s: ${what}`);
}

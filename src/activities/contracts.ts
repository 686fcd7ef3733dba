import { Context } from '@temporalio/activity';
import type { Finding } from '../domain/status.js';
import { SERVICE } from '../domain/watching.js';
import { resolve } from '../plans/variables.js';
import { ask } from './http.js';
import { targetUrl } from './targets.js';
import type { Contacts } from './contacts.js';
import { beating, retryably } from './patience.js';

export interface ContractActivities {
  /** Playbook §3.3: logs in, then asks for each path: 200 and JSON is a pass. A login that fails fails them all. */
  readonly checkContracts: (input: { planHash: string }) => Promise<Finding[]>;
}

const TIMEOUT_MS = 10_000;

export function contractActivities({ plans, environment }: Contacts): ContractActivities {
  return {
    checkContracts: ({ planHash }) => beating(async () => {
      const plan = await retryably(() => plans.load(planHash));
      const { login, get } = plan.verify.contracts;
      const base = await retryably(() => targetUrl(plan, SERVICE, environment));
      const credentials = await retryably(() => ({ username_or_email: resolve(login.username, environment), password: resolve(login.password, environment) }));
      const signal = Context.current().cancellationSignal;

      const askFor = async (name: string, path: string, options: { json?: unknown; headers?: Record<string, string> }): Promise<{ finding: Finding; body?: unknown }> => {
        try {
          const { status, body } = await ask(base + path, { timeoutMs: TIMEOUT_MS, signal, ...options });
          const json: unknown = status === 200 ? JSON.parse(body) : undefined;
          return { finding: { name, state: status === 200 ? 'pass' : 'fail', detail: `${path}: ${status}` }, body: json };
        } catch (error) {
          signal.throwIfAborted();
          const detail = error instanceof SyntaxError ? '200, but the answer is not JSON' : (error as Error).message;
          return { finding: { name, state: 'fail', detail: `${path}: ${detail}` } };
        }
      };

      const entry = await askFor('login', login.path, { json: credentials });
      const token = (entry.body as { access_token?: unknown } | undefined)?.access_token;
      if (typeof token !== 'string') {
        const detail = entry.finding.state === 'pass' ? `${login.path}: 200 without an access_token` : entry.finding.detail;
        return [{ name: 'login', state: 'fail', detail }, ...get.map(({ path }) => ({ name: path, state: 'fail' as const, detail: 'not asked: there is no login' }))];
      }
      const contracts = await Promise.all(get.map(({ path }) => askFor(path, path, { headers: { authorization: `Bearer ${token}` } })));
      return [entry.finding, ...contracts.map(({ finding }) => finding)];
    }),
  };
}

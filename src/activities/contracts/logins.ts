import type { Plan } from '../../domain/plan/plan.js';
import { resolve, type Environment } from '../../plans/variables.js';
import { isAnswer, type Answered, type Questions } from './questions.js';

/** Why there is no token. `bad`: the login itself doesn't keep its contract. `none`: the credentials, or nobody answers. */
export class LoginFailed extends Error {
  constructor(
    readonly kind: 'bad' | 'none',
    message: string,
  ) {
    super(message);
    this.name = 'LoginFailed';
  }
}

/** Plans whose tokens are kept; a worker that lives for months meets many. */
const MOST_KEPT = 100;

export interface Session {
  /** The plan's token, or a new one. Rejects with a {@link LoginFailed}. */
  readonly token: () => Promise<string>;
  /** Whether this look itself has logged in for it: then there is no point in doing so again. */
  readonly isFresh: (token: string) => boolean;
  /** A new token for one that was refused. Rejects with a {@link LoginFailed}. */
  readonly renewed: (refused: string) => Promise<string>;
}

/** The tokens that a worker has logged in for. They stay in its memory. */
export class Logins {
  readonly #tokens = new Map<string, string>();

  constructor(private readonly environment: Environment) {}

  /** One look's use of a plan's token: however many ask, it logs in at most once. */
  session(plan: Plan, planHash: string, base: string, questions: Questions): Session {
    let issued: Promise<string> | undefined;
    let fresh: string | undefined;
    const logIn = () =>
      (issued ??= this.#logIn(plan, base, questions).then((token) => {
        fresh = token;
        this.#keep(planHash, token);
        return token;
      }));
    return {
      token: async () => issued ?? this.#tokens.get(planHash) ?? logIn(),
      isFresh: (token) => token === fresh,
      renewed: (refused) => {
        if (this.#tokens.get(planHash) === refused) this.#tokens.delete(planHash);
        return logIn();
      },
    };
  }

  #keep(planHash: string, token: string): void {
    this.#tokens.delete(planHash);
    this.#tokens.set(planHash, token);
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined && this.#tokens.size > MOST_KEPT) this.#tokens.delete(oldest);
  }

  async #logIn(plan: Plan, base: string, questions: Questions): Promise<string> {
    const { path, username, password } = plan.verify.contracts.login;
    const credentials = {
      username_or_email: resolve(username, this.environment),
      password: resolve(password, this.environment),
    };
    const answer = await questions.ask(base + path, { json: credentials });
    if (!isAnswer(answer)) throw new LoginFailed('none', `${path} doesn't answer: ${answer.none}`);
    const token = answer.status === 200 ? stringIn(answer.body, 'access_token') : undefined;
    if (token === undefined) throw refusal(path, answer);
    return token;
  }
}

/** The path and method are not there any more: nothing that other credentials could change. */
const GONE = [404, 405, 410];

function refusal(path: string, { status, body }: Answered): LoginFailed {
  const said = `${status}${codeOf(body)}`;
  if (status >= 400 && status < 500 && !GONE.includes(status)) {
    return new LoginFailed(
      'none',
      `${path}: the credentials were refused: ${said}. Look at the user and the password where this worker is started, and whether the service still knows them`,
    );
  }
  if (status !== 200) return new LoginFailed('bad', `${path}: the login is down: ${said}`);
  return /"must_change_password"\s*:\s*true/.test(body)
    ? new LoginFailed('none', `${path}: the user has to change the password first`)
    : new LoginFailed('bad', `${path}: 200 without an access_token`);
}

/** ` INVALID_TOKEN`, if the answer has such a code: never more of a body, which may repeat what was sent. */
export function codeOf(body: string): string {
  const code = stringIn(body, 'code');
  return code !== undefined && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? ` ${code}` : '';
}

function stringIn(body: string, key: string): string | undefined {
  try {
    const answer = JSON.parse(body) as Readonly<Record<string, unknown>> | null;
    const value = typeof answer === 'object' && answer !== null && Object.hasOwn(answer, key) ? answer[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined; // an answer that isn't JSON has no keys
  }
}

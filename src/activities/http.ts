import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { RequestError, type OptionsOfTextResponseBody } from 'got';
import { retryAfterMs } from '../domain/announcing/retry-after.js';
import { atMost } from '../domain/time/lasted.js';

/** An answer, read up to a bound. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** From the start of the request to the end of the answer, in milliseconds. */
  readonly milliseconds: number;
  /** When it asks to be asked again, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The server's own time, in epoch milliseconds, to a second. */
  readonly date?: number;
}

/** Nobody answered, or nothing that can be read. */
export class NoAnswer extends Error {
  /** @param mayHaveArrived false when no connection stood yet, so that nothing of the request can have gone out */
  constructor(
    message: string,
    readonly code: string | undefined,
    readonly mayHaveArrived: boolean,
    cause: unknown,
  ) {
    super(message, { cause });
    this.name = 'NoAnswer';
  }
}

const BODY_LIMIT = 4 * 1024 * 1024;

/** A balancer shows another instance only to another connection, and a certificate that has expired is seen only where no TLS session is taken up. */
const FRESH = {
  http: new HttpAgent({ keepAlive: false }),
  https: new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 }),
};

/** Whoever is asked again and again and is the same behind each connection. What lies on the way forgets a connection that is silent for long without telling: these end before. */
const IDLE_MS = 20_000;
const KEPT = {
  http: new HttpAgent({ keepAlive: true, timeout: IDLE_MS }),
  https: new HttpsAgent({ keepAlive: true, timeout: IDLE_MS }),
};

interface Request {
  /** For the whole of it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
}

/**
 * One HTTP request on a fresh connection: bounded in time and size, no redirects, no retries. Rejects with a {@link NoAnswer} when there was none;
 * any status is an answer.
 */
export function ask(url: string, request: Request): Promise<Answer> {
  return askOn(FRESH, url, request);
}

/**
 * The same on a connection that is kept for the next one: a pool for each host, shared by all go-lives of this worker. Only for what changes nothing: when the other
 * side has just closed a connection that was kept, it is asked once more on a fresh one, in the time that is left.
 */
export async function askAgainAndAgain(url: string, request: Request): Promise<Answer> {
  const started = performance.now();
  try {
    return await askOn(KEPT, url, request);
  } catch (error) {
    const timeoutMs = Math.floor(request.timeoutMs - (performance.now() - started));
    if (timeoutMs <= 0 || !CLOSED.includes((error as NoAnswer).code)) throw error;
    return ask(url, { ...request, timeoutMs });
  }
}

/** How a connection fails that the other side has closed. */
const CLOSED: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE'];

async function askOn(agent: typeof FRESH, url: string, options: Request): Promise<Answer> {
  const started = performance.now();
  const request: OptionsOfTextResponseBody = {
    method: options.json === undefined && options.form === undefined ? 'GET' : 'POST',
    ...(options.json === undefined ? {} : { json: options.json }),
    ...(options.form === undefined ? {} : { form: options.form }),
    headers: { 'user-agent': 'golive', ...options.headers },
    agent,
    timeout: { request: options.timeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    // A signal of its own: many requests share the activity's.
    ...(options.signal ? { signal: AbortSignal.any([options.signal]) } : {}),
  };
  const pending = got(url, request);
  let tooLong = false;
  void pending.on('downloadProgress', ({ transferred }) => {
    if (transferred > BODY_LIMIT) {
      tooLong = true;
      pending.cancel();
    }
  });
  try {
    const response = await pending;
    const again = retryAfterMs(response.headers['retry-after'] ?? '', Date.now());
    const date = Date.parse(response.headers.date ?? '');
    return {
      status: response.statusCode,
      body: response.body,
      milliseconds: Math.round(performance.now() - started),
      ...(again === undefined ? {} : { retryAfterMs: again }),
      ...(Number.isNaN(date) ? {} : { date }),
    };
  } catch (error) {
    const { code } = error as { code?: string };
    if (tooLong) throw new NoAnswer(`the answer is longer than ${BODY_LIMIT} bytes`, undefined, true, error);
    throw new NoAnswer(failureOf(error, options.timeoutMs), code, mayHaveArrived(url, error), error);
  }
}

/** A request is written to a connection, and through TLS only to one that is secure. */
function mayHaveArrived(url: string, error: unknown): boolean {
  if (!(error instanceof RequestError)) return true;
  return (url.startsWith('https:') ? error.timings?.secureConnect : error.timings?.connect) !== undefined;
}

function failureOf(error: unknown, timeoutMs: number): string {
  const { code, message } = error as { code?: string; message: string };
  return code === 'ETIMEDOUT' ? `no answer within ${atMost(timeoutMs)}` : code ? `${code}: ${message}` : message;
}

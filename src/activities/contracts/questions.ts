import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../http.js';

/** An answer of the service, whatever its status. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}
/** Nobody answered, and why. */
export interface Unanswered {
  readonly none: string;
}

export const isAnswer = (answer: Answered | Unanswered): answer is Answered => 'status' in answer;

const TRIES = 3;
/** Between two tries, as a share of the time there is: what is over in a moment is no answer. */
const PAUSE_SHARE = 0.25;

/** Some questions to a service that share one time limit. */
export class Questions {
  readonly #end: number;
  readonly #pauseMs: number;

  constructor(
    timeoutMs: number,
    private readonly signal: AbortSignal,
  ) {
    this.#end = performance.now() + timeoutMs;
    this.#pauseMs = PAUSE_SHARE * timeoutMs;
  }

  /**
   * Asks up to three times: one answer of the 500s among thousands is within the guardrail of errors, and one connection that breaks may be an instance
   * that restarts. What is the same each time is the answer. Rejects only with the signal's reason.
   */
  async ask(
    url: string,
    options: { headers?: Record<string, string>; json?: unknown },
  ): Promise<Answered | Unanswered> {
    let last: Answered | Unanswered = { none: 'there was no time left to ask' };
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0)
        await pause(this.#pauseMs, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
      const left = Math.floor(this.#end - performance.now());
      if (left < 1) return last;
      const answer: Answered | Unanswered = await ask(url, { timeoutMs: left, signal: this.signal, ...options }).catch(
        (error: Error) => {
          this.signal.throwIfAborted();
          return { none: error.message };
        },
      );
      if (isAnswer(answer) && !mayPass(answer.status)) return answer;
      // An answer that says something is wrong tells more than silence.
      if (isAnswer(answer) || !isAnswer(last)) last = answer;
    }
    return isAnswer(last) && BUSY.includes(last.status)
      ? { none: `${last.status}, it doesn't want to be asked now` }
      : last;
  }
}

/** Too busy, or broken for a moment: may be over with the next question. */
const mayPass = (status: number): boolean => status >= 500 || BUSY.includes(status);
const BUSY: readonly number[] = [408, 429];

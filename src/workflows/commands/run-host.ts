import { CancellationScope } from '@temporalio/workflow';
import { isOtherHost } from '../../domain/run/other-host.js';
import type { CommandsState } from '../../domain/run/run-state.js';
import { besideTheRun, host, onHost, type HostActivities } from '../activities.js';
import { away, untilBack } from '../run/away.js';
import type { Run } from '../run/run.js';

export type Call<T> = (activities: HostActivities) => Promise<T>;

/**
 * Who is asked first. The server begins no more than three activities with its answer to one decision: of many looks side by side the others would go to any
 * worker, and one of another host would make the run look apart from its own.
 */
type Asked = 'nearest' | 'there';

/** A person has fenced the host: what was under way there counts as ended. */
export const ELSEWHERE = Symbol('elsewhere');

const noMatter = () => undefined;

/** The host that has the run's ledger, and whoever is asked for what has to be done there. */
export class RunHost {
  /** Settles when the question about the host, which is asked once for all who wait for it, is over. */
  #awayUntil: Promise<unknown> | undefined;

  constructor(private readonly run: Run) {}

  /** A look that no worker can make, for want of the plan or a variable, is a question to people like a command that none can run. */
  async look<T>(what: string, call: () => Promise<T>): Promise<T> {
    const seen = await this.#patiently(what, call, call);
    return seen === ELSEWHERE ? this.look(what, call) : seen;
  }

  /** Decides where this run's commands are. Once that is so, they and looks on their host can be asked for side by side. */
  async take(): Promise<string> {
    if (this.queue !== undefined) return this.queue;
    const { taskQueue } = await host.takeHost();
    // Whoever asked at the same time may have been answered first.
    const taken = this.queue ?? taskQueue;
    this.#state = { ...this.#state, host: taken };
    return taken;
  }

  /** Where this run's commands are, once its first one was taken. */
  get queue(): string | undefined {
    return this.#state.host;
  }

  /**
   * Calls the host that has this run's ledger: some patience, then a hold that pages and ends by itself when the host is back. During a
   * rollback a person who has fenced the old host may go elsewhere (design §7).
   */
  async ask<T>(what: string, call: Call<T>, asked: Asked = 'nearest'): Promise<T | typeof ELSEWHERE> {
    const queue = await this.take();
    return this.#patiently(
      what,
      () => (asked === 'nearest' ? this.#nearest(queue, call) : call(onHost(queue, this.run.plan.holds.hostAway))),
      () => call(onHost(queue)),
    );
  }

  /** Asks the worker that has just decided, and the host's own queue when that one is of another host: from then on at once. */
  async #nearest<T>(queue: string, call: Call<T>): Promise<T> {
    const { hostAway } = this.run.plan.holds;
    if (this.#state.apart !== queue) {
      const answer = await call(besideTheRun(queue, hostAway));
      if (!isOtherHost(answer)) return answer;
      this.#state = { ...this.#state, apart: queue };
    }
    return call(onHost(queue, hostAway));
  }

  /** The same for what can be asked of any host: who goes elsewhere asks there. */
  async askAny<T>(what: string, call: Call<T>, asked: Asked = 'there'): Promise<T> {
    const answer = await this.ask(what, call, asked);
    return answer === ELSEWHERE ? this.askAny(what, call, asked) : answer;
  }

  async #patiently<T>(what: string, first: () => Promise<T>, again: () => Promise<T>): Promise<T | typeof ELSEWHERE> {
    try {
      return await first();
    } catch (error) {
      const why = away(error);
      if (!why) throw error;
      if (this.#awayUntil) {
        const end = await Promise.race([this.#awayUntil, CancellationScope.current().cancelRequested]);
        return end === ELSEWHERE ? ELSEWHERE : this.#patiently(what, first, again);
      }
      const held = this.#holdUntilBack(`golive can't ${what}: ${why}.`, again);
      this.#awayUntil = held.catch(noMatter).finally(() => (this.#awayUntil = undefined));
      return held;
    }
  }

  async #holdUntilBack<T>(why: string, call: () => Promise<T>): Promise<T | typeof ELSEWHERE> {
    const wayOut = this.run.wayOut();
    const hold =
      wayOut === 'take-over'
        ? {
            reason: `${why} "roll-back-elsewhere" says that you have fenced that host: nothing on it can still touch the environment.`,
            choices: ['roll-back-elsewhere', wayOut],
          }
        : { reason: why, choices: [wayOut] };
    const scope = new CancellationScope();
    let isBack = false;
    const answer = scope.run(() => untilBack(call)).finally(() => (isBack = true));
    answer.catch(() => undefined); // told below, to whoever waits
    try {
      const decision = await this.run.askUntil({ id: 'host-away', ...hold }, () => isBack);
      if (!decision) return await answer;
      if (decision.choice !== 'roll-back-elsewhere') this.run.leave(decision);
    } finally {
      scope.cancel();
    }
    const { host: _, ...state } = this.#state;
    void _;
    this.#state = { ...state, authorised: [] };
    return ELSEWHERE;
  }

  get #state(): CommandsState {
    return this.run.state.commands;
  }

  set #state(state: CommandsState) {
    this.run.state.commands = state;
  }
}

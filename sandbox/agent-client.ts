import type { InstanceView, Replacement } from './agent/fleet.js';
import type { BadWay, BadWayInput } from './bad-way.js';
import { httpJson, type JsonRequest } from './http-json.js';
import type { TrafficReport } from './traffic.js';

export interface FleetView {
  instances: InstanceView[];
  /** The release most recently put on any instance, i.e. what the canary address reaches; null before the first deploy. */
  newest: string | null;
  candidate: string;
}

/** Talks to the fleet agent. Every call rejects with the agent's own words, or says that the agent isn't there. */
export class AgentClient {
  readonly #adminUrl: string;

  constructor(adminUrl: string) {
    this.#adminUrl = adminUrl;
  }

  fleet(): Promise<FleetView> {
    return this.#ask('/instances');
  }

  /** Like `fleet`, without asking the instances whether they are ready. */
  slots(): Promise<{ slots: { slot: number; release: string; pid: number | null }[] }> {
    return this.#ask('/slots');
  }

  traffic(): Promise<TrafficReport> {
    return this.#ask('/traffic');
  }

  release(name: string): Promise<{ release: string; known: boolean; bad: BadWay[] }> {
    return this.#ask(`/releases/${encodeURIComponent(name)}`);
  }

  releases(): Promise<{ releases: string[] }> {
    return this.#ask('/releases');
  }

  /** Makes a release the candidate of the next deploy. */
  offer(release: string, bad: BadWayInput[] = []): Promise<{ candidate: string; previous: string }> {
    return this.#ask('/offer', { method: 'POST', body: { release, bad } });
  }

  /** Turns a release and all its running instances bad, or good with an empty list (which also repairs its data drift). */
  setReleaseBad(release: string, bad: BadWayInput[]): Promise<{ bad: BadWay[] }> {
    return this.#ask(`/releases/${encodeURIComponent(release)}/bad`, { method: 'PUT', body: { bad } });
  }

  /** Turns one running instance; null makes it what its release is again. */
  setSlotBad(slot: number, bad: BadWayInput[] | null): Promise<{ bad: BadWay[] }> {
    return this.#ask(`/slots/${slot}/bad`, { method: 'PUT', body: { bad } });
  }

  replace(slot: number, release: string): Promise<Replacement> {
    return this.#ask(`/slots/${slot}/replace`, { method: 'POST', body: { release }, timeoutMs: 600_000 });
  }

  takeRollbackFailure(release: string): Promise<{ fails: boolean }> {
    return this.#ask(`/releases/${encodeURIComponent(release)}/take-rollback-failure`, { method: 'POST' });
  }

  async #ask<Answer>(path: string, request?: JsonRequest): Promise<Answer> {
    const { status, body } = await httpJson(`${this.#adminUrl}${path}`, request).catch((error: unknown) => {
      throw new Error(
        `the fleet agent at ${this.#adminUrl} doesn't answer (${error instanceof Error ? error.message : String(error)}); is node dist/sandbox/up.js running?`,
      );
    });
    if (status !== 200)
      throw new Error(`the fleet agent answered ${status} to ${path}: ${(body as { error?: string }).error ?? ''}`);
    // The agent and this client are one program in two processes.
    return body as Answer;
  }
}

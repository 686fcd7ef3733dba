import type { InjectedSinks } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';
import type { WatchingSinks } from '../../domain/watching/report-wanted.js';

/** Of those that are wanted and don't run: they are about to, or are over already, or run in another worker. The oldest are forgotten. */
const MOST_REMEMBERED = 1_000;

/** The segments of watching that run in this worker, and hear at once when their workflow wants their report. Those of another worker hear it with a heartbeat. */
export class WantedReports {
  readonly #listening = new Map<string, () => void>();
  readonly #early = new Set<string>();

  readonly sinks: InjectedSinks<WatchingSinks & Sinks> = {
    watching: { reportWanted: { fn: ({ runId }, segment) => this.#want(nameOf(runId, segment)) } },
  };

  /** Calls `wanted` when the report of a segment is wanted, at once if it was before. Returns what ends that. */
  listen(runId: string, segment: number, wanted: () => void): () => void {
    const name = nameOf(runId, segment);
    this.#listening.set(name, wanted);
    if (this.#early.delete(name)) wanted();
    return () => {
      if (this.#listening.get(name) === wanted) this.#listening.delete(name);
    };
  }

  #want(name: string): void {
    const wanted = this.#listening.get(name);
    if (wanted) return wanted();
    this.#early.add(name);
    const [oldest] = this.#early;
    if (oldest !== undefined && this.#early.size > MOST_REMEMBERED) this.#early.delete(oldest);
  }
}

const nameOf = (runId: string, segment: number): string => `${runId}/${segment}`;

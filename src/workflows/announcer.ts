import { CancellationScope, condition } from '@temporalio/workflow';
import type { TimelineEntry } from '../domain/status.js';
import { Timeline } from '../domain/timeline.js';
import { announcements } from './activities.js';
import { deepest } from '../domain/deepest.js';

/** Says things to people. Announcements never delay a step (design §5): nobody waits for them but the end of the run, for a little. */
export class Announcer {
  readonly said = new Timeline();
  #pending = 0;

  constructor(
    private readonly record: (what: string) => void,
    said: readonly TimelineEntry[] = [],
  ) {
    said.forEach(({ at, what }) => this.said.add(at, what));
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  say(kind: 'message' | 'page', text: string): void {
    this.said.add(new Date().toISOString(), text);
    this.record(`${kind}: ${text}`);
    this.#pending += 1;
    void CancellationScope.nonCancellable(() => announcements.announce({ kind, text }))
      .catch((error: unknown) => this.record(`could not announce: ${deepest(error)}`))
      .finally(() => (this.#pending -= 1));
  }

  /** Gives what is still being said ten seconds. */
  async finished(): Promise<void> {
    await condition(() => this.#pending === 0, '10s', { summary: 'the last announcements' });
  }
}

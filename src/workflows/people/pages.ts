import { CancellationScope, condition } from '@temporalio/workflow';
import type { Paging } from '../../domain/people/hold.js';
import { nextPage, type NextPage } from '../../domain/people/pages.js';
import type { Channel } from '../../domain/plan/playbook.js';

/** How a page goes out. */
export interface Postman {
  /** The channels that get pages. */
  circle(): readonly Channel[];
  /** In milliseconds. */
  pageAgain(): number;
  /** The built-in channel: console, log, announcements file. */
  page(text: string): void;
  /** Never rejects; see Channels. */
  post(channel: Channel, kind: 'page' | 'resolve', text: string, dedupKey: string): Promise<void>;
  record(what: string): void;
  changed(): void;
}

/** The pages about one hold: from the moment it opens, again and wider until it ends, and then the end of what was paged. */
export class Pages {
  readonly #openedAt = Date.now();
  /** Pages that are still being tried are given up when their hold ends. */
  readonly #wanted = new CancellationScope();
  readonly #paged = new Map<string, { channel: Channel; times: number; last: Promise<void>; busy: boolean }>();
  #next: NextPage | undefined;
  #times = 0;

  constructor(
    private readonly about: { readonly id: string; readonly text: string; readonly dedupKey: string },
    private readonly postman: Postman,
  ) {}

  get state(): Paging {
    const paged = [...this.#paged.values()].map(({ channel, times }) => ({ channel: channel.name, times }));
    return { pages: this.#times, paged, ...(this.#next ? { nextPage: new Date(this.#next.at).toISOString() } : {}) };
  }

  /** Pages until somebody has answered. */
  async until(answered: () => boolean): Promise<void> {
    for (let last: number | undefined; !answered();) {
      const next = nextPage(this.postman.circle(), this.#openedAt, last, Date.now(), this.postman.pageAgain());
      this.#next = next;
      if (last !== undefined) this.postman.changed();
      const left = next.at - Date.now();
      if (left > 0 && (await condition(answered, left, { summary: `page again about ${this.about.id}` }))) return;
      // Not when it was due: what a dead worker left out is not caught up with.
      if (next.everybody) last = Date.now();
      this.#page(next);
    }
  }

  /** The hold has ended: what is still being tried is given up, and channels that can take back a page do. */
  end(): void {
    const { postman, about } = this;
    this.#next = undefined;
    this.#wanted.cancel();
    for (const { channel, last } of this.#paged.values()) {
      // After the page, taken or given up: an end that overtook it would leave it ringing.
      if (channel.kind !== 'slack')
        void CancellationScope.nonCancellable(() =>
          last.then(() => postman.post(channel, 'resolve', about.text, about.dedupKey)),
        );
    }
  }

  #page({ channels, everybody }: NextPage): void {
    const { postman, about } = this;
    if (everybody) {
      this.#times += 1;
      postman.page(about.text);
    } else postman.record(`hold ${about.id} is unanswered: ${channels.join(', ')} paged too`);
    for (const channel of postman.circle()) if (channels.includes(channel.name)) this.#post(channel);
  }

  /** One at a time to each channel: what is still being tried says the same. */
  #post(channel: Channel): void {
    const before = this.#paged.get(channel.name);
    if (before?.busy) return;
    const entry = { channel, times: (before?.times ?? 0) + 1, last: Promise.resolve(), busy: true };
    entry.last = this.#wanted
      .run(() => this.postman.post(channel, 'page', this.about.text, this.about.dedupKey))
      .finally(() => (entry.busy = false));
    this.#paged.set(channel.name, entry);
  }
}

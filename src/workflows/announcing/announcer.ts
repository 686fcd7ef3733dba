import { shortened } from '../../domain/text/cut-text.js';
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { deepest } from '../../domain/text/deepest.js';
import { formatDuration } from '../../domain/time/duration.js';
import { answerCommand, type Hold } from '../../domain/people/hold.js';
import { fill, type Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { MessageEvent } from '../../domain/plan/playbook.js';
import type { Post } from '../../domain/announcing/post.js';
import type { TimelineEntry } from '../../domain/run/status.js';
import { Timeline } from '../../domain/run/timeline.js';
import { announcements } from '../activities.js';
import { Channels, type CarriedChannels } from './channels.js';
import { NextUpdate, untilNextUpdate, type Promised } from './next-update.js';
import { Pages } from '../people/pages.js';

interface Surroundings {
  /** Nothing is said before there is one. */
  plan(): Plan | undefined;
  planHash(): string;
  /** What every message may name. */
  values(): Values;
  /** What goes on now, in words. */
  goesOn(): string;
  phase(): string;
  record(what: string): void;
  changed(): void;
}

/** Plain, for a run that continues: only what was said, not what is under way. */
export interface CarriedAnnouncements {
  readonly said: readonly TimelineEntry[];
  readonly posts: number;
  readonly promised?: Promised;
  readonly channels: CarriedChannels;
}

/** What only some messages can name. */
export interface Said {
  readonly reason?: string | undefined;
  readonly detail?: string;
}

/** These say nothing of how far it is: an update that was promised is still to come. */
const ASIDE: readonly MessageEvent[] = [
  'freezeOverridden',
  'handedOver',
  'review',
  'restoreProposed',
  'restored',
  'restoreRefused',
  'restoreFailed',
];
const HOLDS_PAGE_AGAIN_MS = 600_000;
/** Nothing that people are told is longer, whatever was put into it. */
const LONGEST = 4_000;

/**
 * Says things to people: always to the built-in channel, and to the plan's channels that get them. Announcements never delay a step (design §5): nobody waits for them but the end of
 * the run, for a little.
 */
export class Announcer {
  /** The messages, without the pages of holds. */
  readonly said = new Timeline();
  readonly channels: Channels;
  readonly #nextUpdate: NextUpdate;
  #pending = 0;
  /** How long the history was when something was last said. */
  #saidAt: number | undefined;
  #posts: number;

  constructor(
    private readonly around: Surroundings,
    carried?: CarriedAnnouncements,
  ) {
    this.channels = new Channels(
      {
        channels: () => around.plan()?.channels ?? [],
        planHash: () => around.planHash(),
        record: (what) => around.record(what),
        changed: () => around.changed(),
      },
      carried?.channels,
    );
    this.#nextUpdate = new NextUpdate((newsAt) => this.#update(newsAt), carried?.promised);
    this.#posts = carried?.posts ?? 0;
    carried?.said.forEach(({ at, what }) => this.said.add(at, what));
  }

  get carried(): CarriedAnnouncements {
    const { promised } = this;
    return {
      said: this.said.entries,
      posts: this.#posts,
      ...(promised ? { promised } : {}),
      channels: this.channels.carried,
    };
  }

  /** What is promised to people now. */
  get promised(): Promised | undefined {
    return this.#nextUpdate.promised;
  }

  /** Whether nothing is under way any more. */
  get isQuiet(): boolean {
    return this.#pending === 0 && this.channels.pending === 0;
  }

  /** Whether something was said in this very workflow task: it is over in a later one, at the earliest. */
  get saysNow(): boolean {
    return this.#pending > 0 && this.#saidAt === workflowInfo().historyLength;
  }

  /** One of the playbook's messages (§6), to everyone, without waiting for it. */
  announce(event: Exclude<MessageEvent, 'update' | 'page'>, { reason = '', detail = '' }: Said = {}): void {
    const message = this.around.plan()?.messages[event];
    if (!message) return;
    this.#say(event, this.#filled(message.text, { reason, detail }));
    if (message.nextUpdate !== undefined || !ASIDE.includes(event)) this.#nextUpdate.said(message.nextUpdate);
  }

  /** The pages of a hold that opens now. */
  pages(hold: Hold): Pages {
    const { around } = this;
    const plan = around.plan();
    const answer = answerCommand(around.values()['environment'] ?? '', hold);
    const text = this.#filled(plan?.messages.page.text ?? '{reason} Answer with: {answer}', {
      reason: hold.reason,
      answer,
    });
    const { workflowId, firstExecutionRunId } = workflowInfo();
    return new Pages(
      { id: hold.id, text, dedupKey: [workflowId, firstExecutionRunId, hold.id, Date.now()].join('/').slice(-255) },
      {
        circle: () => (plan?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('pages')),
        pageAgain: () => plan?.holds.pageAgain ?? HOLDS_PAGE_AGAIN_MS,
        page: (text) => this.#tell('page', text),
        post: (channel, kind, text, dedupKey) =>
          this.channels.deliver(channel, { ...this.#post(kind, 'page', text), dedupKey }),
        record: (what) => around.record(what),
        changed: () => around.changed(),
      },
    );
  }

  /** Gives what is still being said ten seconds, and promises nothing any more. */
  async finished(): Promise<void> {
    this.#nextUpdate.said(undefined);
    await condition(() => this.isQuiet, '10s', { summary: 'the last announcements' });
  }

  /** Nothing else was told in time: what goes on, and when the next one comes. */
  #update(newsAt: number): void {
    const { around } = this;
    const message = around.plan()?.messages.update;
    if (!message) return;
    const next = message.nextUpdate === undefined ? undefined : untilNextUpdate(newsAt, message.nextUpdate);
    this.#say(
      'update',
      this.#filled(message.text, {
        phase: around.phase(),
        detail: around.goesOn(),
        nextUpdate: next === undefined ? '' : formatDuration(next),
      }),
    );
    this.#nextUpdate.said(next, newsAt);
  }

  #filled(text: string, more: Values): string {
    const filled = fill(text, { ...this.around.values(), ...more });
    return shortened(filled, LONGEST);
  }

  #say(event: MessageEvent, text: string): void {
    this.said.add(new Date().toISOString(), text);
    this.#tell('message', text);
    const to = (this.around.plan()?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('messages'));
    for (const channel of to)
      void CancellationScope.nonCancellable(() => this.channels.deliver(channel, this.#post('message', event, text)));
  }

  /** The built-in channel. */
  #tell(kind: 'message' | 'page', text: string): void {
    this.around.record(`${kind}: ${text}`);
    this.#pending += 1;
    this.#saidAt = workflowInfo().historyLength;
    void CancellationScope.nonCancellable(() => announcements.announce({ kind, text }))
      .catch((error: unknown) => this.around.record(`could not announce: ${deepest(error)}`))
      .finally(() => (this.#pending -= 1));
  }

  #post(kind: Post['kind'], event: MessageEvent, text: string): Post {
    const { environment = '', release = '' } = this.around.values();
    const { workflowId, firstExecutionRunId } = workflowInfo();
    this.#posts += 1;
    return {
      id: `${workflowId}/${firstExecutionRunId}/${this.#posts}`,
      kind,
      event,
      text,
      at: new Date().toISOString(),
      workflowId,
      environment,
      release,
    };
  }
}

import { ApplicationFailure, isCancellation, sleep, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import { missed, type Missed } from '../../domain/announcing/channel-state.js';
import { deepest } from '../../domain/text/deepest.js';
import type { Channel } from '../../domain/plan/playbook.js';
import { mayRepeat, type Delivery, type Post } from '../../domain/announcing/post.js';
import type { AnnouncementsState } from '../../domain/run/run-state.js';
import { channelQueue } from '../../domain/run/task-queues.js';
import { causeOf } from '../run/away.js';
import { delivery, type Persistence } from '../activities.js';
import { note } from '../run/evidence.js';
import type { Run } from '../run/run.js';

const MOST_MISSED = 50;
/** After a first try that failed, unless the channel says when to come again. */
const PAUSE_MS = 1_000;

/** The tries of a post come to this, or to nothing when nobody wants it any more. */
type Outcome = Delivery | { readonly state: 'failed'; readonly why: string; readonly againAfter: number } | 'given up';

/** Posts to the plan's channels and keeps how each of them is. Nobody waits for a post but what has to come after it, and the end of the run for a little. */
export class Channels {
  /** Posts that are under way. */
  pending = 0;

  constructor(private readonly run: Run) {}

  /**
   * Tries at once, so that a channel that is down is known at once; then the server tries again, which fills no history. Settles when nothing of it is under way any more; never
   * rejects. Cancelling the scope it is in gives the post up.
   */
  async deliver(channel: Channel, post: Post): Promise<void> {
    this.pending += 1;
    try {
      const first = await this.#try(channel, post, 'once');
      if (first === 'given up') return;
      if (first.state !== 'failed') return this.#ended(channel, post, first, false);
      this.#note(channel, { down: first.why, undelivered: 1 });
      this.#miss(missed(post, channel.name, 'being tried', first.why));
      const repeatable = mayRepeat(channel, post);
      const last = await this.#try(channel, post, repeatable ? 'until taken' : 'for an hour', first.againAfter);
      // What the server's tries came to isn't known then: of what may be repeated one may have been taken.
      const givenUp: Exclude<Outcome, 'given up'> = {
        state: repeatable ? 'maybe-sent' : 'failed',
        why: `${first.why}; given up, for its hold has ended`,
        againAfter: 0,
      };
      this.#ended(channel, post, last === 'given up' ? givenUp : last, true);
    } finally {
      this.pending -= 1;
    }
  }

  async #try(channel: Channel, post: Post, persistence: Persistence, afterMs = 0): Promise<Outcome> {
    try {
      if (afterMs > 0) await sleep(afterMs, { summary: `${channel.name} is tried again` });
      return await delivery(channelQueue(workflowInfo().taskQueue), channel.timeout, persistence).deliver({
        planHash: this.run.planHash,
        channel: channel.name,
        post,
      });
    } catch (error) {
      return isCancellation(error) ? 'given up' : outcomeOf(error, mayRepeat(channel, post));
    }
  }

  #ended(channel: Channel, post: Post, outcome: Exclude<Outcome, 'given up'>, again: boolean): void {
    const { name } = channel;
    this.#state.missed = this.#state.missed.filter((each) => each.id !== post.id || each.channel !== name);
    const counted = again ? -1 : 0;
    const told = { kind: 'post', id: post.id, channel: name, event: post.event } as const;
    if (outcome.state === 'sent') {
      note({ ...told, fate: 'sent' });
      return this.#note(channel, { undelivered: counted });
    }
    const { why } = outcome;
    const maybe = outcome.state === 'maybe-sent';
    const fate = maybe ? 'maybe sent' : 'not sent';
    note({ ...told, fate, why });
    if (post.kind === 'page') this.run.metrics.pageGivenUp();
    this.#miss(missed(post, name, fate, why));
    this.run.record(`${post.kind} ${post.event} to ${name}: ${maybe ? 'maybe sent' : 'not sent'}: ${why}`);
    this.#note(channel, { down: why, undelivered: counted + (maybe ? 0 : 1), maybeSent: maybe ? 1 : 0 });
  }

  #note(
    { name }: Channel,
    { down, undelivered, maybeSent = 0 }: { down?: string; undelivered: number; maybeSent?: number },
  ): void {
    const before = this.#state.channels[name];
    const state = down === undefined ? 'ok' : 'down';
    const since = before?.state === state ? before.since : new Date().toISOString();
    if (state === 'down' && before?.state !== 'down') this.run.record(`channel ${name} is down: ${down}`);
    if (state === 'ok' && before?.state === 'down') this.run.record(`channel ${name} takes posts again`);
    const counts = {
      undelivered: (before?.undelivered ?? 0) + undelivered,
      maybeSent: (before?.maybeSent ?? 0) + maybeSent,
    };
    this.#state.channels = {
      ...this.#state.channels,
      [name]: { state, since, ...(down === undefined ? {} : { why: down }), ...counts },
    };
    this.run.show();
  }

  get #state(): AnnouncementsState {
    return this.run.state.announcements;
  }

  #miss(what: Missed): void {
    this.#state.missed = [
      ...this.#state.missed.filter(({ id, channel }) => id !== what.id || channel !== what.channel),
      what,
    ].slice(-MOST_MISSED);
  }
}

function outcomeOf(error: unknown, repeatable: boolean): Outcome {
  const cause = causeOf(error);
  const failed = (why: string, againAfter = PAUSE_MS): Outcome => ({ state: 'failed', why, againAfter });
  if (cause instanceof TimeoutFailure) {
    if (cause.timeoutType === 'SCHEDULE_TO_START') return failed('no worker took it in time');
    // A worker that died, or the end of the time for retries: a post may have been on its way.
    return repeatable
      ? failed('the worker that sent it was lost')
      : { state: 'maybe-sent', why: 'the worker that sent it was lost' };
  }
  const [again] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return failed(deepest(error), typeof again === 'number' ? again : PAUSE_MS);
}

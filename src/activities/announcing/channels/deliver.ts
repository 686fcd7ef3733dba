import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Channel } from '../../../domain/plan/playbook.js';
import { mayRepeat, type Delivery, type Post } from '../../../domain/announcing/post.js';
import type { Dependencies } from '../../dependencies.js';
import { beating } from '../../patience.js';
import { ChannelUnusable, postOnce } from './post-once.js';
import type { Verdict } from './verdict.js';

export interface DeliveryActivities {
  /**
   * Tries once to deliver a post to a channel of the plan. Fails retryably when the post surely wasn't taken, or when a second copy does no harm; what nobody can know is an answer,
   * not a failure. A failure's first detail is when to come again, in milliseconds, if the channel said so. Nothing it says holds the channel's address, key or headers.
   */
  readonly deliver: (input: { planHash: string; channel: string; post: Post }) => Promise<Delivery>;
}

/** "At once" from a channel that takes nothing now would be asked without a pause. */
const SHORTEST_RETRY_AFTER_MS = 1_000;
const LONGEST_RETRY_AFTER_MS = 300_000;

export function deliveryActivities({ plans, environment, log }: Dependencies): DeliveryActivities {
  return {
    async deliver({ planHash, channel: name, post }) {
      const { info, cancellationSignal } = Context.current();
      const channel = (await plans.load(planHash)).channels.find((each) => each.name === name);
      if (!channel) throw ApplicationFailure.nonRetryable(`The plan has no channel "${name}".`, 'NoSuchChannel');
      const verdict = await beating(() => postOnce(channel, post, environment, cancellationSignal)).catch(
        (error: unknown) => {
          // Another worker may have the variable this one lacks.
          throw error instanceof ChannelUnusable ? ApplicationFailure.retryable(error.message, 'NotDelivered') : error;
        },
      );
      log.info(
        { workflowId: post.workflowId, channel: name, post: post.id, attempt: info.attempt, ...verdict },
        `${post.kind} to ${name}: ${verdict.state}`,
      );
      return delivery(channel, post, verdict);
    },
  };
}

function delivery(channel: Channel, post: Post, verdict: Verdict): Delivery {
  if (verdict.state === 'sent' || verdict.state === 'refused') return verdict;
  if (verdict.state === 'maybe-sent' && !mayRepeat(channel, post)) return verdict;
  const again =
    verdict.state === 'not-accepted' && verdict.retryAfterMs !== undefined
      ? Math.min(Math.max(verdict.retryAfterMs, SHORTEST_RETRY_AFTER_MS), LONGEST_RETRY_AFTER_MS)
      : undefined;
  // The delay is for the server, the detail for the workflow, which isn't told the delay.
  throw ApplicationFailure.create({
    message: verdict.why,
    type: 'NotDelivered',
    ...(again === undefined ? {} : { nextRetryDelay: again, details: [again] }),
  });
}

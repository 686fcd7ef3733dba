import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Channel } from '../../domain/playbook.js';
import { formatDuration } from '../../domain/duration.js';
import { mayRepeat, type Delivery, type Post } from '../../domain/post.js';
import { MissingVariable } from '../../plans/variables.js';
import type { Contacts } from '../contacts.js';
import { ask } from '../http.js';
import { beating } from '../patience.js';
import { requestFor, type ChannelRequest } from './request.js';
import { verdictOn, verdictOnSilence, type Verdict } from './verdict.js';

export interface DeliveryActivities {
  /**
   * Tries once to deliver a post to a channel of the plan. Fails retryably when the post surely wasn't taken, or when a second copy does no harm; what nobody can know is an answer,
   * not a failure. A failure's first detail is when to come again, in milliseconds, if the channel said so. Nothing it says holds the channel's address, key or headers.
   */
  readonly deliver: (input: { planHash: string; channel: string; post: Post }) => Promise<Delivery>;
}

/** Said so much later than it was meant, a text says when it was meant. */
const LATE_MS = 120_000;
const LONGEST_RETRY_AFTER_MS = 300_000;

export function deliveryActivities({ plans, environment, log }: Contacts): DeliveryActivities {
  return {
    async deliver({ planHash, channel: name, post }) {
      const { info, cancellationSignal } = Context.current();
      if (info.workflowType !== 'controlledGoLive')
        throw ApplicationFailure.nonRetryable(
          'Only a controlledGoLive workflow tells people something; an activity started by itself is refused.',
          'NotAGoLive',
        );
      const channel = (await plans.load(planHash)).channels.find((each) => each.name === name);
      if (!channel) throw ApplicationFailure.nonRetryable(`The plan has no channel "${name}".`, 'NoSuchChannel');
      const request = prepared(channel, () => requestFor(channel, inTime(post), environment));
      const verdict = await beating(() =>
        ask(request.url, { ...request, timeoutMs: channel.timeout, signal: cancellationSignal }).then(
          verdictOn,
          verdictOnSilence,
        ),
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
      ? Math.min(verdict.retryAfterMs, LONGEST_RETRY_AFTER_MS)
      : undefined;
  // The delay is for the server, the detail for the workflow, which isn't told the delay.
  throw ApplicationFailure.create({
    message: verdict.why,
    type: 'NotDelivered',
    ...(again === undefined ? {} : { nextRetryDelay: again, details: [again] }),
  });
}

/** Another worker may have the variable this one lacks. Whatever else is wrong is told without its own words, which may hold a secret. */
function prepared(channel: Channel, request: () => ChannelRequest): ChannelRequest {
  const fails = (why: string) => ApplicationFailure.retryable(why, 'NotDelivered');
  let made;
  try {
    made = request();
  } catch (error) {
    if (error instanceof MissingVariable)
      throw fails(
        `this worker lacks the environment variable ${error.variable}, which the channel "${channel.name}" needs: set it where the worker is started`,
      );
    throw error;
  }
  if (!URL.canParse(made.url) || !/^https?:/.test(made.url))
    throw fails(
      `the address of the channel "${channel.name}" is no http address once its variables are put in: look at them where the worker is started`,
    );
  if (Object.values(made.headers).some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value)))
    throw fails(
      `a header of the channel "${channel.name}" has a character that no header may have: look at its variables where the worker is started`,
    );
  return made;
}

function inTime(post: Post): Post {
  const late = Date.now() - Date.parse(post.at);
  return post.kind === 'resolve' || late < LATE_MS
    ? post
    : {
        ...post,
        text: `${post.text} (said at ${post.at.slice(0, 16)}Z, ${formatDuration(Math.floor(late / 60_000) * 60_000)} ago)`,
      };
}

import { formatDuration } from '../../../domain/time/duration.js';
import type { Channel } from '../../../domain/plan/playbook.js';
import type { Post } from '../../../domain/announcing/post.js';
import { MissingVariable, type Environment } from '../../../plans/variables.js';
import { ask } from '../../http.js';
import type { ChannelRequest } from './channel-request.js';
import { requestFor } from './request.js';
import { verdictOn, verdictOnSilence, type Verdict } from './verdict.js';

/** Said so much later than it was meant, a text says when it was meant. */
const LATE_MS = 120_000;

/** Nothing can be posted to this channel from here. Its message holds no address, key or header: they are secrets. */
export class ChannelUnusable extends Error {
  override readonly name = 'ChannelUnusable';
}

/** Tries once, within the channel's timeout. Throws a {@link ChannelUnusable}, and nothing else. */
export async function postOnce(
  channel: Channel,
  post: Post,
  environment: Environment,
  signal: AbortSignal,
): Promise<Verdict> {
  const request = prepared(channel, () => requestFor(channel, inTime(post), environment));
  return await ask(request.url, { ...request, timeoutMs: channel.timeout, signal }).then(verdictOn, verdictOnSilence);
}

/** Whatever is wrong is told without its own words, which may hold a secret. */
function prepared(channel: Channel, request: () => ChannelRequest): ChannelRequest {
  let made;
  try {
    made = request();
  } catch (error) {
    if (error instanceof MissingVariable)
      throw new ChannelUnusable(
        `this worker lacks the environment variable ${error.variable}, which the channel "${channel.name}" needs: set it where the worker is started`,
      );
    throw error;
  }
  if (!URL.canParse(made.url) || !/^https?:/.test(made.url))
    throw new ChannelUnusable(
      `the address of the channel "${channel.name}" is not an http address once its variables are put in: look at them where the worker is started`,
    );
  if (Object.values(made.headers).some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value)))
    throw new ChannelUnusable(
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

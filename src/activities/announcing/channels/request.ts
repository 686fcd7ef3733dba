import type { Channel } from '../../../domain/plan/playbook.js';
import type { Post } from '../../../domain/announcing/post.js';
import { resolve, type Environment } from '../../../plans/variables.js';
import type { ChannelRequest } from './channel-request.js';
import { pagerdutyRequest } from './pagerduty.js';
import { slackRequest } from './slack.js';
import { webhookRequest } from './webhook.js';

/** What a post is on the wire of a channel. Throws a MissingVariable. */
export function requestFor(channel: Channel, post: Post, environment: Environment): ChannelRequest {
  const known = (text: string) => resolve(text, environment);
  switch (channel.kind) {
    case 'slack':
      return slackRequest(known(channel.url), post);
    case 'pagerduty':
      return pagerdutyRequest(known(channel.url), known(channel.routingKey), post);
    case 'webhook':
      return webhookRequest(
        known(channel.url),
        Object.fromEntries(Object.entries(channel.headers).map(([name, value]) => [name, known(value)])),
        post,
      );
  }
}

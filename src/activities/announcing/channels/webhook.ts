import type { Post } from '../../../domain/announcing/post.js';
import type { ChannelRequest } from './channel-request.js';

/** A webhook of one's own: the post as it is. Pages and their ends carry `dedupKey`, and every post an `id`, by which a second copy can be told. */
export function webhookRequest(url: string, headers: Readonly<Record<string, string>>, post: Post): ChannelRequest {
  return { url, headers, json: post };
}

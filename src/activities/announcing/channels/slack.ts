import { cut } from '../../../domain/text/cut-text.js';
import type { Post } from '../../../domain/announcing/post.js';
import type { ChannelRequest } from './channel-request.js';

/** Slack refuses longer texts. */
const LONGEST = 30_000;

/** An incoming webhook of Slack, or of anything that takes the same. */
export function slackRequest(url: string, { text }: Post): ChannelRequest {
  return { url, headers: {}, json: { text: escaped(cut(text, LONGEST)) } };
}

/** The three characters that are markup to Slack: without them no text can mention everybody or hide a link. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

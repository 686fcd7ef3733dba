import type { MessageEvent } from '../plan/playbook.js';

/** Something that is told to people: a message of the playbook, a page about a hold, or the end of that page. */
export interface Post {
  /** One post has one id, however often it is tried. */
  readonly id: string;
  readonly kind: 'message' | 'page' | 'resolve';
  readonly event: MessageEvent;
  readonly text: string;
  /** When it was said, ISO. */
  readonly at: string;
  readonly workflowId: string;
  readonly environment: string;
  readonly release: string;
  /** The same for all pages about one hold and for what ends them. */
  readonly dedupKey?: string;
}

/** What became of a post: taken; refused, so that the same again would be refused again; or sent without an answer that says which. */
export type Delivery = { readonly state: 'sent' } | { readonly state: 'refused' | 'maybe-sent'; readonly why: string };

/** Where a page and its end are known by their dedup key a second copy does no harm, so they are tried until they are taken (design §5). */
export const mayRepeat = (
  channel: { readonly kind: 'slack' | 'pagerduty' | 'webhook' },
  post: Pick<Post, 'kind'>,
): boolean => channel.kind !== 'slack' && post.kind !== 'message';

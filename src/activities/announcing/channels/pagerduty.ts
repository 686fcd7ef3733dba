import { shortened } from '../../../domain/text/cut-text.js';
import type { Post } from '../../../domain/announcing/post.js';
import type { ChannelRequest } from './channel-request.js';

/** What PagerDuty takes of a summary. */
const LONGEST_SUMMARY = 1_024;

/** PagerDuty's Events API v2: a page triggers an incident, its end resolves it, both by one dedup key. */
export function pagerdutyRequest(
  url: string,
  routingKey: string,
  { id, kind, event, text, at, workflowId, environment, release, dedupKey = id }: Post,
): ChannelRequest {
  const common = { routing_key: routingKey, dedup_key: dedupKey };
  const details = { text, event, said: at, workflow: workflowId, environment, release };
  const json =
    kind === 'resolve'
      ? { ...common, event_action: 'resolve' }
      : {
          ...common,
          event_action: 'trigger',
          payload: {
            summary: shortened(text, LONGEST_SUMMARY),
            source: workflowId,
            severity: 'critical',
            custom_details: details,
          },
        };
  return { url, headers: {}, json };
}

import { z } from 'zod';
import { variables } from './command.js';
import { name, positive, text, url } from './scalars.js';

/** Where PagerDuty takes its events. */
const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';

const gets = z.array(z.enum(['messages', 'pages'], 'must be messages or pages')).min(1, 'needs messages, pages or both');

/** What every channel has: what it gets, and, for one that widens the circle, how long a hold has to be unanswered before it is paged too. */
const shared = {
  name,
  gets: gets.default(['messages', 'pages']),
  unansweredFor: positive.optional(),
  timeout: positive.default(5_000),
};

/**
 * Where people are told, besides the worker's console and log, which always are. A webhook's address, key and headers are secrets: they resolve at use
 * and are shown to nobody.
 */
export const channel = z
  .discriminatedUnion('kind', [
    /** Anything that takes Slack's incoming webhooks: `{"text"}`. */
    z.strictObject({ ...shared, kind: z.literal('slack'), url }),
    /** PagerDuty's Events API v2: a page triggers, its answer resolves, both with one dedup key. */
    z.strictObject({ ...shared, kind: z.literal('pagerduty'), url: url.default(PAGERDUTY_EVENTS), routingKey: text, gets: gets.default(['pages']) }),
    /** A POST of the event as JSON. */
    z.strictObject({ ...shared, kind: z.literal('webhook'), url, headers: variables.default({}) }),
  ], 'must be slack, pagerduty or webhook')
  .refine(({ gets, unansweredFor }) => unansweredFor === undefined || gets.includes('pages'), { path: ['unansweredFor'], message: 'is about pages: gets needs pages' });

export type Channel = z.output<typeof channel>;

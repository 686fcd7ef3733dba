import { z } from 'zod';
import { name, positive, text, url } from './scalars.js';

/** Where PagerDuty takes its events. */
const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';

const gets = z
  .array(z.enum(['messages', 'pages'], 'must be messages or pages'))
  .min(1, 'needs messages, pages or both');

/** What every channel has: what it gets, and, for one that widens the circle, how long a hold has to be unanswered before it is paged too. */
const shared = {
  name,
  gets: gets.default(['messages', 'pages']),
  unansweredFor: positive.optional(),
  timeout: positive.refine((milliseconds) => milliseconds <= 60_000, 'must not be longer than 1m').default(5_000),
};

/** Their values are secrets. */
const headers = z.record(
  z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of an HTTP header'),
  z.string(),
);

/**
 * Where people are told, besides the worker's console and log, which always are. A webhook's address, key and headers are secrets: they resolve at use
 * and are shown to nobody.
 */
export const channel = z
  .discriminatedUnion(
    'kind',
    [
      /** Anything that takes Slack's incoming webhooks: `{"text"}`. */
      z.strictObject({ ...shared, kind: z.literal('slack'), url }),
      /** PagerDuty's Events API v2: a page triggers, its answer resolves, both with one dedup key. A message would be an incident that nobody ends. */
      z.strictObject({
        ...shared,
        kind: z.literal('pagerduty'),
        url: url.default(PAGERDUTY_EVENTS),
        routingKey: text,
        gets: z
          .array(z.literal('pages', 'must be pages: nobody would end the incident that a message makes'))
          .min(1, 'needs pages')
          .default(['pages']),
      }),
      /** A POST of the event as JSON. */
      z.strictObject({ ...shared, kind: z.literal('webhook'), url, headers: headers.default({}) }),
    ],
    'must be slack, pagerduty or webhook',
  )
  .refine(({ gets, unansweredFor }) => unansweredFor === undefined || (gets as string[]).includes('pages'), {
    path: ['unansweredFor'],
    message: 'is about pages: gets needs pages',
  });

export type Channel = z.output<typeof channel>;

import { cut } from '../text/cut-text.js';
import type { Channel } from '../plan/playbook.js';
import type { Post } from './post.js';

/** A post that didn't arrive, or may not have. */
export interface Missed {
  readonly id: string;
  readonly channel: string;
  readonly event: Post['event'];
  readonly text: string;
  readonly at: string;
  /** `being tried`: not taken so far. `not sent`: surely not taken, and given up. `maybe sent`: nobody knows. */
  readonly state: 'being tried' | 'not sent' | 'maybe sent';
  readonly why: string;
}

/** How a channel is. It is down when the last try of a post failed. */
export interface ChannelStatus {
  readonly name: string;
  readonly kind: Channel['kind'];
  readonly gets: readonly ('messages' | 'pages')[];
  readonly state: 'not used yet' | 'ok' | 'down';
  /** Since when it is so, ISO. */
  readonly since?: string;
  /** Why it is down. */
  readonly why?: string;
  /** Posts that have not arrived: being tried, refused or given up. */
  readonly undelivered: number;
  readonly maybeSent: number;
}

/** What is kept of each channel: what every post's tries have come to. Plain, so that it goes on with a run that continues. */
export interface ChannelRecord {
  readonly state: 'ok' | 'down';
  readonly since: string;
  readonly why?: string;
  readonly undelivered: number;
  readonly maybeSent: number;
}

/** How a channel of the plan is, by what is kept of all of them. */
export const channelStatus = (
  { name, kind, gets }: Channel,
  records: Readonly<Record<string, ChannelRecord>>,
): ChannelStatus => ({
  name,
  kind,
  gets,
  ...(records[name] ?? { state: 'not used yet', undelivered: 0, maybeSent: 0 }),
});

/** What is shown of a post in a status. */
export const missed = (post: Post, channel: string, state: Missed['state'], why: string): Missed => ({
  id: post.id,
  channel,
  event: post.event,
  text: cut(post.text, 200),
  at: post.at,
  state,
  why,
});

/** What there is to say of a channel besides its state: ` since …: why; 2 not delivered, 1 maybe sent`. `moment` writes an ISO time. */
export function channelDetail(
  { since, why, undelivered, maybeSent }: ChannelStatus,
  moment: (iso: string) => string,
): string {
  const counts = [
    ...(undelivered > 0 ? [`${undelivered} not delivered`] : []),
    ...(maybeSent > 0 ? [`${maybeSent} maybe sent`] : []),
  ];
  return `${since === undefined ? '' : `since ${moment(since)}`}${why === undefined ? '' : `: ${why}`}${counts.length > 0 ? `; ${counts.join(', ')}` : ''}`;
}

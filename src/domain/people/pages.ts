import type { Channel } from '../plan/playbook.js';
import { backoff } from '../announcing/backoff.js';

const HOUR = 3_600_000;

/** What a page plan knows of a channel. */
export type Paged = Pick<Channel, 'name' | 'unansweredFor'>;

/** When a hold pages next, in epoch milliseconds, and whom. */
export interface NextPage {
  readonly at: number;
  readonly channels: readonly string[];
  /** Not only those that join the circle at that moment. */
  readonly everybody: boolean;
}

/**
 * The page after the last one: everybody that is in the circle again, every `pageAgain` and rarer after two hours, up to once an hour; or those alone that join the circle before that,
 * at their very moment.
 * @param last when everybody was paged last, undefined before the first page
 * @param now what was due by then has been done
 */
export function nextPage(
  channels: readonly Paged[],
  openedAt: number,
  last: number | undefined,
  now: number,
  pageAgain: number,
): NextPage {
  const joins = ({ unansweredFor = 0 }: Paged) => openedAt + unansweredFor;
  const inCircle = (at: number) => channels.filter((each) => joins(each) <= at).map(({ name }) => name);
  if (last === undefined) return { at: openedAt, channels: inCircle(openedAt), everybody: true };
  const at = last + backoff(last - openedAt, { least: pageAgain, most: HOUR, after: 2 * HOUR });
  const joining = Math.min(Infinity, ...channels.map(joins).filter((moment) => moment > now));
  if (joining >= at) return { at, channels: inCircle(at), everybody: true };
  return {
    at: joining,
    channels: channels.filter((each) => joins(each) === joining).map(({ name }) => name),
    everybody: false,
  };
}

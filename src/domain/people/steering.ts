import type { GoLiveStatus } from '../run/status.js';
import type { SaidBy } from './said-by.js';

/** The signals by which people steer a go-live, each with who and why (design §4). Stable names: operators type them. */
export type SteeringSignal = 'pause' | 'resume' | 'promote';

/** The signal by which somebody else's alert is told. */
export const ALERT_SIGNAL = 'alert';

/** The name of the query whether a run goes on, which only somebody answers who carries it on. */
export const ALIVE_QUERY = 'alive';

/** What the status says of a signal that has no effect, and why; who sent it recognises it by that. */
export const ignoredText = (signal: SteeringSignal, { by, reason }: SaidBy, why: string): string =>
  `${signal} by ${by} (${reason}) ignored: ${why}`;

/** What workers of an earlier build say of a promotion that the readings are against: without why it was wanted. */
export const notPromotedText = ({ by }: SaidBy, why: string): string => `promote by ${by} ignored: ${why}`;

/** What the status says about steering. */
export type SteeringSight = Pick<GoLiveStatus, 'paused' | 'stages' | 'ineffective' | 'stop'>;

/** What has become of a signal. `open`: nothing can be said yet. */
export type SteeringEffect =
  { readonly is: 'done' } | { readonly is: 'none'; readonly why: string } | { readonly is: 'open' };

/** So long before it was sent nothing is an answer to it, whatever the two clocks say. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * What has become of a signal, by the status before it was sent and one after.
 * @param before undefined when nobody answered then
 * @param sentAt epoch milliseconds
 */
export function effectOf(
  signal: SteeringSignal,
  said: SaidBy,
  before: SteeringSight | undefined,
  after: SteeringSight,
  sentAt: number,
): SteeringEffect {
  const why = newlyIneffective(before, after, sentAt)
    .flatMap(({ what }) =>
      [ignoredText(signal, said, ''), ...(signal === 'promote' ? [notPromotedText(said, '')] : [])]
        .filter((beginning) => what.startsWith(beginning))
        .map((beginning) => what.slice(beginning.length)),
    )
    .at(-1);
  if (why !== undefined) return { is: 'none', why };
  return isDone(signal, said, before, after) ? { is: 'done' } : { is: 'open' };
}

function isDone(
  signal: SteeringSignal,
  { by, reason }: SaidBy,
  before: SteeringSight | undefined,
  { paused, stages, stop }: SteeringSight,
): boolean {
  switch (signal) {
    case 'pause':
      return paused?.by === by && paused.reason === reason;
    case 'resume':
      return !paused && !stop;
    case 'promote': {
      const soaked = before?.stages.find(({ state }) => state === 'soaking')?.name;
      return stages.some(({ name, state }) => name === soaked && state === 'done');
    }
  }
}

/** The messages without effect that came since. */
export function newlyIneffective(
  before: Pick<GoLiveStatus, 'ineffective'> | undefined,
  { ineffective }: Pick<GoLiveStatus, 'ineffective'>,
  sentAt: number,
): GoLiveStatus['ineffective'] {
  return before
    ? ineffective.filter(({ at, what }) => !before.ineffective.some((each) => each.at === at && each.what === what))
    : ineffective.filter(({ at }) => Date.parse(at) > sentAt - CLOCKS_DIFFER_MS);
}

/** The command that ends a pause: only the reason is left to write. */
export const resumeCommand = (environment: string): string => `golive resume ${environment}`;

import type { Poller, QueueBuilds } from '../../src/temporal/queue-builds.js';

/** A worker of a build that asked for work so many seconds before `now`, epoch milliseconds. */
export const pollerAt =
  (now: number) =>
  (build: string, versioned: boolean, secondsAgo = 10): Poller => ({
    identity: `of ${build}`,
    lastAsked: new Date(now - secondsAgo * 1_000).toISOString(),
    build,
    ...(versioned ? { versioned: true } : {}),
  });

/** The workflow queue, with the build that new runs go to and who polls it. */
export const queueOf = (current: string | undefined, ...pollers: Poller[]): QueueBuilds => ({
  name: 'golive',
  pollers,
  ...(current === undefined ? {} : { current }),
});

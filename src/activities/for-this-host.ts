import { OTHER_HOST } from '../domain/run/other-host.js';

type Activities = Record<string, (input: object) => Promise<unknown>>;

/**
 * Activities of a host for the queue that all hosts share: done only for runs whose commands are on this one, else answered with {@link OTHER_HOST}.
 * The worker that decides for a run is mostly the one that runs its commands: asked here it begins at once, without a way over the server.
 * @param host the queue of this host
 */
export function forThisHost<T extends object>(activities: T, host: string): T {
  const guarded = Object.entries(activities as Activities).map(([name, act]) => [
    name,
    (input: { host?: unknown }) => (input.host === host ? act(input) : Promise.resolve(OTHER_HOST)),
  ]);
  return Object.fromEntries(guarded) as T;
}

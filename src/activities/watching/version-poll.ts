import { hear, isLive, isNews, versionEvery, type LiveVersion } from '../../domain/hypercare/heard-version.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';

/** What a segment of watching hears of the live version. Moments are monotonic milliseconds; only ages leave it. */
export class VersionPoll {
  readonly #releases: { readonly release: string; readonly previousRelease: string };
  #live: LiveVersion;
  /** When the last answer was asked for that could be read, and the last at all. */
  #heard: number | undefined;
  #asked: number | undefined;

  /** `known` was handed over `agoMs` ago. `pace`: a version that is as it should be is asked for no oftener, in milliseconds. */
  constructor(
    known: LiveVersion,
    private readonly plan: Pick<Plan, 'checks'>,
    { release = '', previousRelease = '' }: Values,
    started: number,
    agoMs: number,
    private readonly pace = 0,
  ) {
    const { ageMs, ...live } = known;
    this.#live = live;
    this.#releases = { release, previousRelease };
    this.#heard = this.#asked = ageMs === undefined ? undefined : started - agoMs - ageMs;
  }

  /** How long it is, in milliseconds, until the service is asked again. */
  dueIn(now: number): number {
    const every = versionEvery(this.plan);
    return this.#asked === undefined
      ? 0
      : this.#asked + (isLive(this.#live, this.#releases.release) ? Math.max(every, this.pace) : every) - now;
  }

  /** One more answer, or none that could be read. Returns whether there is something to tell. */
  hear(version: string | undefined, now: number): boolean {
    this.#asked = now;
    if (version === undefined) return false;
    this.#heard = now;
    const before = this.#live;
    this.#live = hear(before, version, this.#releases);
    return isNews(before, this.#live);
  }

  report(now: number): LiveVersion {
    return { ...this.#live, ...(this.#heard === undefined ? {} : { ageMs: now - this.#heard }) };
  }
}

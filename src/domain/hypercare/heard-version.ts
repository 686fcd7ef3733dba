import type { Check } from '../plan/playbook.js';

/** What a service has said it is, and what that comes to. */
export interface LiveVersion {
  /** The last few readable answers, the oldest first; each from a connection of its own. */
  readonly answers: readonly string[];
  /** How old the last of them was when this was handed over, in milliseconds. */
  readonly ageMs?: number;
  /** The release isn't what is live. */
  readonly alarm?: Alarm;
}

export type Alarm =
  /** Neither of the two releases of this run: somebody has deployed something else. */
  | { readonly kind: 'foreign'; readonly version: string }
  /** The one before: somebody has rolled back by hand. */
  | { readonly kind: 'previous'; readonly version: string };

interface Releases {
  readonly release: string;
  readonly previousRelease: string;
}

/** So many answers in a row have to agree: behind a balancer each comes from another instance. */
export const ANSWERS = 5;

/** What is known after one more answer. An alarm begins when all the last answers say so, and ends when none of them does. An answer nobody could read is none. */
export function hear({ answers: before, alarm }: LiveVersion, answer: string, releases: Releases): LiveVersion {
  const answers = [...before, answer].slice(-ANSWERS);
  const kinds = answers.map((each) => kindOf(each, releases));
  const [kind] = kinds;
  if (answers.length === ANSWERS && kind !== undefined && kind !== 'release' && kinds.every((each) => each === kind)) {
    // Two foreign versions side by side are one alarm, not one with each answer.
    const version = alarm?.kind === kind && answers.includes(alarm.version) ? alarm.version : answer;
    return { answers, alarm: { kind, version } };
  }
  return { answers, ...(alarm && kinds.includes(alarm.kind) ? { alarm } : {}) };
}

/** Whether an alarm has begun, changed or ended. */
export const isNews = (before: LiveVersion, after: LiveVersion): boolean =>
  before.alarm?.kind !== after.alarm?.kind || before.alarm?.version !== after.alarm?.version;

/** Whether all of the last answers say that the release is live. */
export const isLive = ({ answers }: Pick<LiveVersion, 'answers'>, release: string): boolean =>
  answers.length > 0 && answers.every((each) => each === release);

/** How often the service is asked which version it is, in milliseconds: as often as the check that looks most often. */
export const versionEvery = ({ checks }: { readonly checks: readonly Pick<Check, 'every'>[] }): number =>
  Math.min(60_000, ...checks.map(({ every }) => every));

function kindOf(version: string, { release, previousRelease }: Releases): Alarm['kind'] | 'release' {
  return version === release ? 'release' : version === previousRelease ? 'previous' : 'foreign';
}

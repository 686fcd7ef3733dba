import { causeText } from '../../run/cause.js';
import type { Finding, Stop } from '../../run/status.js';
import type { ReportedCommand } from './reported-commands.js';
import { readingText } from '../../watching/reading.js';
import { seenOf, type Kept } from './kept.js';
import type { Clock, Firing } from './stretches.js';

/** Why it didn't go to its end. */
export interface Cause {
  /** Who or what: a person, a trigger, something that failed, or the preflight. */
  readonly by: string;
  readonly text: string;
  readonly at?: string;
  /** The first thing on record that was not as it should be. */
  readonly evidence?: { readonly at?: string; readonly text: string };
}

/** What a cause is found in. */
export interface Told {
  readonly stop?: Stop | undefined;
  readonly firings: readonly Firing[];
  readonly clocks: readonly Clock[];
  readonly commands: readonly ReportedCommand[];
  /** Of the preflight or the verification. */
  readonly findings: readonly Finding[];
}

/** The cause of a stop, or of a preflight that said no; nothing where nothing has stopped it. */
export function causeOf(kept: Kept, told: Told): Cause | undefined {
  const { stop, findings } = told;
  const bad = findings.find(({ state }) => state === 'fail' || state === 'unknown');
  const finding = bad && { text: `${bad.name}: ${bad.state === 'unknown' ? 'unknown: ' : ''}${bad.detail}` };
  if (!stop) return finding && { by: 'preflight', text: finding.text, evidence: finding };
  const evidence = firstBadLook(kept, told) ?? failedCommand(told) ?? (stop.kind === 'failure' ? finding : undefined);
  return { by: stop.by, text: causeText(stop), at: stop.at, ...(evidence ? { evidence } : {}) };
}

/** The first look of the breach that a trigger fired for. */
function firstBadLook(kept: Kept, { stop, firings, clocks }: Told): Cause['evidence'] {
  const firing = firings.find((each) => stop?.by === `trigger ${each.trigger}` && each.at <= stop.at);
  if (!firing || stop?.kind !== 'trigger') return undefined;
  const { trigger, check, target, at, detail } = firing;
  const same = (each: { check: string; target: string }) => each.check === check && each.target === target;
  const clock = clocks.find((each) => each.trigger === trigger && same(each) && each.to === at);
  if (!clock) return { at, text: `${check ?? trigger}: ${detail}` };
  // The run's clock and that of the host that looked may differ a little.
  const since = Date.parse(clock.from) - SKEW_MS;
  const look = seenOf(kept, 'look').find(
    (each) =>
      same(each) && Date.parse(each.at) >= since && each.reading.kind !== 'good' && each.reading.kind !== 'none',
  );
  const read = look?.reading;
  const of = kept.plan?.checks.find((each) => each.name === check);
  const text = read && of ? readingText(of, read) : detail;
  return { at: look?.at ?? clock.from, text: `${clock.check} at ${clock.target}: ${text}` };
}

const SKEW_MS = 100;

/** The last command that had failed by then. */
function failedCommand({ stop, commands }: Told): Cause['evidence'] {
  if (stop?.kind !== 'failure') return undefined;
  const failed = commands.filter((each) => !each.succeeded && each.to !== undefined && each.to <= stop.at).at(-1);
  return failed?.to === undefined
    ? undefined
    : { at: failed.to, text: `${failed.step}.${failed.generation}: ${failed.ended}` };
}

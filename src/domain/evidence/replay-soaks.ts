import type { Plan } from '../plan/plan.js';
import { soakVerdict } from '../watching/soak.js';
import type { DecidedRecord } from './record.js';
import type { ReplayedWatch } from './replayed-watch.js';

/** How a soak went, and how it would have gone; ISO. */
export interface SoakReplay {
  readonly stage: string;
  readonly began: string;
  /** When it ended, and how. */
  readonly then: { readonly at: string; readonly how: 'promoted' | 'by a person' | 'stopped' };
  /** When it would have been promoted. */
  readonly promotedAt?: string;
  /** Why not, as far as it was watched. */
  readonly why?: string;
}

/** So many moments of a soak are looked at. */
const MOMENTS = 600;
const SHORTEST_MS = 250;

/** The soaks of a go-live, by the other plan's soaks and rules. `watches` begins all its watches anew. */
export function replaySoaks(
  decided: readonly DecidedRecord[],
  { stages }: Plan,
  watches: () => readonly ReplayedWatch[],
  until: number,
): SoakReplay[] {
  return soaksOf(decided, until).flatMap((each): SoakReplay[] => {
    const soak = stages.find(({ name }) => name === each.stage)?.soak;
    if (!soak) return [];
    const own = watches().filter(({ kept }) => kept.from <= each.to && kept.to >= each.from + SHORTEST_MS);
    const step = Math.max(SHORTEST_MS, Math.round(soak.max / MOMENTS));
    let why = 'nothing was watched';
    // No one else's end is known: the go-live went on.
    for (let now = each.from; now <= each.to + step && own.length > 0; now += step) {
      for (const watch of own) {
        watch.advance(now);
        watch.report(now);
      }
      const verdict = soakVerdict(
        soak,
        each.from,
        now,
        own.map((watch) => watch.sight(now)),
      );
      if (verdict.kind === 'promote') return [{ ...told(each), promotedAt: new Date(now).toISOString() }];
      ({ why } = verdict);
    }
    return [{ ...told(each), why }];
  });
}

/** The soaks of a go-live that the other plan says nothing of, in words. */
export function soaksUnknown(decided: readonly DecidedRecord[], { stages }: Plan, until: number): string[] {
  return soaksOf(decided, until).flatMap(({ stage }) => {
    const found = stages.find(({ name }) => name === stage);
    if (found?.soak) return [];
    return [
      found
        ? `in this file the stage ${stage} has no soak`
        : `this file has no stage ${stage}: its soak can't be compared`,
    ];
  });
}

interface Soaked {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  readonly how: SoakReplay['then']['how'];
}

const told = ({ stage, from, to, how }: Soaked) => ({
  stage,
  began: new Date(from).toISOString(),
  then: { at: new Date(to).toISOString(), how },
});

function soaksOf(decided: readonly DecidedRecord[], until: number): Soaked[] {
  const courses = decided.flatMap((each) => (each.kind === 'course' || each.kind === 'stop' ? [each] : []));
  return courses.flatMap((record, index): Soaked[] => {
    if (record.kind !== 'course' || record.course.is !== 'rolling-out' || record.course.part !== 'soaking') return [];
    const { stage } = record.course;
    const next = courses[index + 1];
    const from = Date.parse(record.at);
    const to = next ? Date.parse(next.at) : until;
    const promoted = decided.some(
      (each) =>
        each.kind === 'verdict' &&
        each.rule === 'soak' &&
        (each.inputs as { stage: string }).stage === stage &&
        (each.outcome as { kind: string }).kind === 'promote',
    );
    return [{ stage, from, to, how: next?.kind !== 'course' ? 'stopped' : promoted ? 'promoted' : 'by a person' }];
  });
}

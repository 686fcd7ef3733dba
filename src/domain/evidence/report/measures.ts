import { formatBound, type Bound, type Unit } from '../../plan/playbook/bound.js';
import type { Check, CheckTrigger } from '../../plan/playbook.js';
import type { Plan } from '../../plan/plan.js';
import type { Reading } from '../../watching/reading.js';
import { readingText, standingOf } from '../../watching/reading.js';
import { checkText, firesText } from '../../watching/rule-text.js';
import { sightLasts, triggersOf } from '../../watching/segment.js';
import type { SeenRecord } from '../record.js';
import { seenOf, type Kept, type Of } from './kept.js';
import type { Blind, Firing } from './stretches.js';
import { thinned, type Point } from './thinned.js';
import type { Window } from './windows.js';

/** A limit that is drawn. */
export interface Line {
  readonly of: 'guardrail' | 'trigger';
  readonly name: string;
  readonly bound: Bound;
  /** `guardrail < 350 ms`, `latency > 500 ms for 15m: rollback` */
  readonly text: string;
}

/** What was seen of one check at one target. */
export interface Measure {
  readonly check: string;
  readonly target: string;
  /** `GET /health`, `p95` */
  readonly what: string;
  readonly kind: Check['kind'];
  /** Of its values: of a probe the milliseconds of its answer; none where there are no numbers. */
  readonly unit?: Unit;
  readonly lines: readonly Line[];
  readonly looks: number;
  /** Of each standing, how many looks. */
  readonly standings: Readonly<Record<Point['standing'], number>>;
  readonly fired: readonly { readonly at: string; readonly trigger: string }[];
  /** What was seen in each window, thinned to what can be drawn. */
  readonly charts: readonly { readonly window: Window['name']; readonly points: readonly Point[] }[];
}

type Look = Of<SeenRecord, 'look'>;

/** Every check at every target that was looked at, in the plan's order. */
export function measuresOf(
  kept: Kept,
  windows: readonly Window[],
  firings: readonly Firing[],
  blind: readonly Blind[],
): Measure[] {
  const looks = new Map<string, Look[]>();
  for (const look of seenOf(kept, 'look')) {
    const key = `${look.check} ${look.target}`;
    const all = looks.get(key);
    if (all) all.push(look);
    else looks.set(key, [look]);
  }
  const checks = kept.plan?.checks ?? [];
  const place = ({ check }: Measure) => checks.findIndex(({ name }) => name === check);
  return [...looks.values()]
    .flatMap((all) => measureOf(all, kept.plan, windows, firings, blind) ?? [])
    .sort((a, b) => place(a) - place(b));
}

function measureOf(
  looks: readonly Look[],
  plan: Plan | undefined,
  windows: readonly Window[],
  firings: readonly Firing[],
  blind: readonly Blind[],
): Measure | undefined {
  const [first] = looks;
  const check = plan?.checks.find(({ name }) => name === first?.check);
  if (!first || !check || !plan) return undefined;
  const triggers = triggersOf(plan.triggers, check.name);
  const points = looks.map((each) => pointOf(each, check, triggers)).sort((a, b) => a.at - b.at);
  const fired = firings.filter((each) => each.check === first.check && each.target === first.target);
  const firedAt = fired.map(({ at }) => Date.parse(at));
  const unit = check.kind === 'metric' ? check.unit : check.kind === 'probe' ? ('ms' as const) : undefined;
  const drawn = withGaps(
    points,
    blind.filter((each) => each.check === first.check && each.target === first.target),
    seenFor(check, plan),
  );
  const standings = { clean: 0, failing: 0, idle: 0, blind: 0 };
  for (const { standing } of points) standings[standing] += 1;
  return {
    check: first.check,
    target: first.target,
    what: checkText(check),
    kind: check.kind,
    ...(unit ? { unit } : {}),
    lines: linesOf(check, triggers),
    looks: points.length,
    standings,
    fired: fired.map(({ at, trigger }) => ({ at, trigger })),
    charts: windows.map(({ name, from, to }) => ({
      window: name,
      points: thinned(
        drawn.filter(({ at }) => at >= Date.parse(from) && at <= Date.parse(to)),
        firedAt,
      ),
    })),
  };
}

/** Longer than this without a look, in milliseconds, and nobody looked: also at the pace of hypercare. */
const seenFor = (check: Check, { hypercare }: Plan): number =>
  sightLasts(check, { pace: Math.max(0, ...hypercare.windows.map(({ every }) => every)) });

/** The looks, and where there was none for long a point that says so: no line is drawn through it. */
function withGaps(points: readonly Point[], blind: readonly Blind[], longest: number): Point[] {
  const none = (at: number, text: string): Point => ({ at, standing: 'blind', text });
  const long = points.flatMap(({ at }, index) => {
    const next = points[index + 1];
    return next && next.at - at > longest ? [none(at + 1, 'nobody looked')] : [];
  });
  const noted = blind.map(({ from }) => none(Date.parse(from) + 1, 'no reading'));
  return [...points, ...long, ...noted].sort((a, b) => a.at - b.at);
}

function linesOf(check: Check, triggers: readonly CheckTrigger[]): Line[] {
  if (check.kind !== 'metric') return [];
  const { guardrail, unit } = check;
  return [
    { of: 'guardrail', name: 'guardrail', bound: guardrail, text: `guardrail ${formatBound(guardrail, unit)}` },
    ...triggers.flatMap((each): Line[] =>
      each.breach
        ? [
            {
              of: 'trigger',
              name: each.name,
              bound: each.breach,
              text: `${each.name} ${firesText(each, check)}: ${each.action}`,
            },
          ]
        : [],
    ),
  ];
}

function pointOf({ at, reading }: Look, check: Check, triggers: readonly CheckTrigger[]): Point {
  const value = valueOf(reading, check);
  return {
    at: Date.parse(at),
    ...(value === undefined ? {} : { value }),
    standing: standingOf(check, reading),
    text: readingText(check, reading, triggers),
  };
}

/** A probe tells its milliseconds in words: `200 in 12 ms`. */
function valueOf(reading: Reading, { kind }: Check): number | undefined {
  if (reading.kind === 'value') return reading.value;
  const milliseconds =
    kind === 'probe' && 'text' in reading ? /^\d{3} in (\d+) ms$/.exec(reading.text)?.[1] : undefined;
  return milliseconds === undefined ? undefined : Number(milliseconds);
}

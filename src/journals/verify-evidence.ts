import { commandsOtherwise, unaccounted } from '../domain/evidence/links.js';
import { differenceText } from '../domain/evidence/difference.js';
import type { DecidedRecord } from '../domain/evidence/record.js';
import { redecideReports, redecideVerdicts, type Redecided } from '../domain/evidence/redecide.js';
import { RULES } from '../domain/evidence/rules.js';
import { canonicalText, type Plan } from '../domain/plan/plan.js';
import type { Segment } from '../domain/watching/segment.js';
import type { GoLiveEvidence, RunEvidence } from './read-evidence.js';
import { outputsOf } from './verify-outputs.js';
import type { Remark } from './remark.js';

/** What was looked at, and what came of it. */
export interface Verification {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly beganAt: string;
  readonly checked: {
    readonly journals: number;
    readonly seals: number;
    readonly records: number;
    /** Verdicts that were decided again, by rule. */
    readonly verdicts: Readonly<Record<string, number>>;
    /** Reports of watching that were made again from their looks. */
    readonly reports: number;
    /** Reports that the run has decided by, and how many of them have their readings here. */
    readonly decidedBy: number;
    readonly withReadings: number;
    /** Outputs of commands that are here. */
    readonly outputs: number;
  };
  /** What must not be. */
  readonly wrong: readonly Remark[];
  /** What is no fault of the evidence, and worth knowing: a writer was killed, the go-live is still open. */
  readonly told: readonly Remark[];
}

/**
 * Checks the seals and links of a go-live's evidence, and decides every verdict of it again. Never throws for what is in it.
 * @param hashOf what the hash of a plan is
 */
export async function verifyEvidence(goLive: GoLiveEvidence, hashOf: (plan: Plan) => string): Promise<Verification> {
  const { workflowId, firstRunId, beganAt, runs, decided, seen, plan } = goLive;
  const lost = goLive.faults.some(({ kind }) => kind === 'lost');
  const verdicts = decided.filter((each) => each.kind === 'verdict');
  const again = plan ? redecideVerdicts(decided, plan) : [];
  // Activities have their IDs within one run.
  const reports = plan ? runs.flatMap((run) => redecideReports(run.seen, plan)) : [];
  const outputs = await Promise.all(runs.map(outputsOf));
  const remarks: Remark[] = [
    ...goLive.faults.map(({ kind, text }) => ({ kind, text })),
    ...readable(() => plansOtherwise(decided, hashOf)),
    ...(!plan && verdicts.length > 0
      ? [{ kind: 'missing' as const, text: 'the plan it was frozen to is not on record: nothing can be decided again' }]
      : []),
    ...again.flatMap(asRemark),
    // What was made of looks that could not be written is something else without them.
    ...reports.flatMap(asRemark).map((each) => (lost ? { ...each, kind: 'lost' as const } : each)),
    ...readable(() =>
      [...unaccounted(decided), ...commandsOtherwise(decided, seen)].map((each) => ({ kind: 'unaccounted', ...each })),
    ),
    ...outputs.flatMap((each) => each.remarks),
    ...(decided.some(({ kind }) => kind === 'end')
      ? []
      : [
          {
            kind: 'open' as const,
            text: 'its end is not on record: it is still open, or its last records are missing',
          },
        ]),
  ];
  return {
    workflowId,
    firstRunId,
    beganAt,
    checked: {
      journals: runs.reduce((sum, run) => sum + run.journals.length, 0),
      seals: runs.flatMap((run) => run.journals).reduce((sum, each) => sum + each.seals, 0),
      records: decided.length + seen.length,
      verdicts: plan ? countBy(verdicts.map(({ rule }) => rule)) : {},
      reports: reports.length,
      ...readingsOf(runs),
      outputs: outputs.reduce((sum, { count }) => sum + count, 0),
    },
    wrong: remarks.filter(({ kind }) => WRONG.includes(kind)),
    told: remarks.filter(({ kind }) => !WRONG.includes(kind)),
  };
}

/** A record of which a part is missing is none that golive has written. */
function readable(remarks: () => Remark[]): Remark[] {
  try {
    return remarks();
  } catch (error) {
    return [{ kind: 'changed', text: `a record has not the parts of its kind: ${(error as Error).message}` }];
  }
}

const WRONG: readonly Remark['kind'][] = ['changed', 'missing', 'differs', 'unaccounted'];

function asRemark({ what, at, cannot, differs }: Redecided): Remark[] {
  if (differs)
    return [
      {
        kind: 'differs',
        at,
        text: `${what}: ${differenceText(JSON.parse(differs.now), JSON.parse(differs.onRecord))}`,
      },
    ];
  if (cannot === undefined) return [];
  const isRule = Object.hasOwn(RULES, what.replace('verdict ', ''));
  const known = isRule || what.startsWith('report ');
  return [{ kind: known ? 'differs' : 'unknown', at, text: `${what}: it can't be decided again: ${cannot}` }];
}

/** A plan is what its hash says. */
function plansOtherwise(decided: readonly DecidedRecord[], hashOf: (plan: Plan) => string): Remark[] {
  return decided.flatMap((each): Remark[] =>
    each.kind !== 'plan' || hashOf(each.plan) === each.hash
      ? []
      : [{ kind: 'changed', at: each.at, text: `the plan on record is not the one of its hash ${each.hash}` }],
  );
}

/** How many of the reports that the run has decided by have their readings in this folder: others were seen on other hosts, or by a worker that died. */
function readingsOf(runs: readonly RunEvidence[]): { decidedBy: number; withReadings: number } {
  const counts = runs.map(({ decided, seen }) => {
    const told = new Set(seen.flatMap((each) => (each.kind === 'report' ? [canonicalText(each.report)] : [])));
    const segments = decided.flatMap((each) =>
      each.kind === 'verdict' && each.rule === 'report' ? [(each.inputs as { segment: Segment }).segment] : [],
    );
    return [segments.length, segments.filter((each) => told.has(canonicalText(each))).length] as const;
  });
  return {
    decidedBy: counts.reduce((sum, [all]) => sum + all, 0),
    withReadings: counts.reduce((sum, [, here]) => sum + here, 0),
  };
}

const countBy = (names: readonly string[]): Record<string, number> =>
  names.reduce<Record<string, number>>((all, each) => ({ ...all, [each]: (all[each] ?? 0) + 1 }), {});

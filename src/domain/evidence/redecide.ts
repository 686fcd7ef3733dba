import { canonicalText, type Plan } from '../plan/plan.js';
import { SegmentRecorder } from '../watching/segment-recorder.js';
import type { Segment } from '../watching/segment.js';
import type { DecidedRecord, SeenRecord } from './record.js';
import { RULES, ruled, type Inputs, type Rule } from './rules.js';

/** One thing that was decided again. */
export interface Redecided {
  /** `verdict soak`, `report 12/1`. */
  readonly what: string;
  /** When it was decided, ISO. */
  readonly at: string;
  /** Why it can't be decided again; nothing when it could. */
  readonly cannot?: string;
  /** What it comes to now, and what is on record, where that isn't the same. */
  readonly differs?: { readonly now: string; readonly onRecord: string };
}

const same = (a: unknown, b: unknown): boolean => canonicalText(plain(a)) === canonicalText(plain(b));
/** As it is in a record. */
const plain = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

/** Decides every verdict of one run again, by the same rules and from the inputs on record. `plan`: the one it was frozen to. */
export function redecideVerdicts(records: readonly DecidedRecord[], plan: Plan): Redecided[] {
  return records.flatMap((record): Redecided[] => {
    if (record.kind !== 'verdict') return [];
    const { rule, inputs, outcome, at } = record;
    const what = `verdict ${rule}`;
    if (!Object.hasOwn(RULES, rule)) return [{ what, at, cannot: 'this golive has no rule of this name' }];
    return [again({ what, at }, outcome, () => ruled(rule, inputs as Inputs<Rule>, plan))];
  });
}

/** Makes every report of watching again from the looks it is made of. */
export function redecideReports(records: readonly SeenRecord[], plan: Plan): Redecided[] {
  const of = new Map<string, SeenRecord[]>();
  for (const record of records) {
    const id = record.kind === 'segment' ? record.id : 'of' in record ? record.of : undefined;
    if (id === undefined) continue;
    const all = of.get(id) ?? [];
    all.push(record);
    of.set(id, all);
  }
  return [...of.values()].flatMap((all) => {
    const report = all.find((each) => each.kind === 'report');
    if (!report) return [];
    const told = { what: `report ${report.of}`, at: report.at };
    const onRecord = ofLooks(report.report);
    return [again(told, onRecord, () => ofLooks(reportAgain(all, report.ms, plan)))];
  });
}

/** What of a report the looks decide: which version is live is heard beside them, and a firing's moment is the host's. */
function ofLooks({ live: _, fired, ...report }: Segment): Segment {
  void _;
  return { ...report, ...(fired ? { fired: fired.map(({ at: __, ...firing }) => (void __, firing)) } : {}) };
}

function again(told: Pick<Redecided, 'what' | 'at'>, onRecord: unknown, decide: () => unknown): Redecided {
  try {
    const now = decide();
    return same(now, onRecord)
      ? told
      : { ...told, differs: { now: canonicalText(plain(now)), onRecord: canonicalText(onRecord) } };
  } catch (error) {
    return { ...told, cannot: error instanceof Error ? error.message : String(error) };
  }
}

function reportAgain(all: readonly SeenRecord[], ms: number, plan: Plan): Segment {
  const segment = all.find((each) => each.kind === 'segment');
  if (!segment) throw new Error('what its segment was given is not on record');
  const { given, lateMs, coalesce, pace } = segment;
  const recorder = new SegmentRecorder(given, plan, segment.ms, lateMs, coalesce, pace);
  for (const record of all) {
    if (record.kind !== 'look') continue;
    const index = given.states.findIndex(({ check, target }) => check === record.check && target === record.target);
    if (index < 0) throw new Error(`it has a look at ${record.check} at ${record.target}, which it didn't watch`);
    recorder.take(index, record.reading, record.ms);
  }
  return recorder.report(ms);
}

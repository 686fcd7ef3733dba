import type { Said } from './said-of-itself.js';
import type { SmokeTest } from './smoke-report.js';

/** One `testcase` of a JUnit report. A test that was tried again has several, or one with its earlier tries inside. */
export interface TestRecord extends SmokeTest {
  /** Its file, class and name; none for a test without a name. */
  readonly id?: readonly string[];
  /** The failures and errors it tells, those of earlier tries among them. */
  readonly faults: number;
  /** The earlier tries it tells. */
  readonly tries: number;
}

/** What a suite says of itself; without a number it says nothing. */
export interface Totals {
  readonly tests?: number;
  readonly failures?: number;
  readonly errors?: number;
  readonly skipped?: number;
  readonly disabled?: number;
}

export interface ReportedSuite {
  readonly name: string;
  /** What tells it from another of the same name: Playwright writes the browser into `hostname`. */
  readonly place: string;
  readonly totals: Totals;
  /** What else it says of itself. */
  readonly said: readonly Said[];
  readonly records: readonly TestRecord[];
  readonly suites: readonly ReportedSuite[];
}

/** Something in a report that leaves open what its tests said. */
export class Unreadable extends Error {}

/**
 * The tests of a report: each counts once, by its last record. The same name in another suite is another test. Throws an {@link Unreadable}
 * when the totals of a suite contradict its tests: then some of them are missing, or something is told that no test shows.
 */
export function countedTests(root: ReportedSuite): SmokeTest[] {
  return lastRecords(trusted(root, numbering())).map(({ name, state, said }) => ({
    name,
    state,
    ...(said === undefined ? {} : { said }),
  }));
}

interface Placed {
  /** The same for every record of one test. */
  readonly test: string;
  readonly record: TestRecord;
}

/** Numbers for what is told apart by its words: a key that had the names of all suites above in it would be as long as they are, for each test. */
function numbering() {
  const known = new Map<string, number>();
  let next = 0;
  return {
    /** The same number for the same words. */
    of: (words: string): number => {
      const there = known.get(words);
      if (there !== undefined) return there;
      known.set(words, next);
      return next++;
    },
    another: (): number => next++,
  };
}

function trusted(suite: ReportedSuite, numbers: ReturnType<typeof numbering>, above?: number): Placed[] {
  const here = numbers.of(joined([String(above ?? ''), suite.name, suite.place]));
  const own = suite.records.map((record) => ({
    // Nobody can say that two tests without a name are the same.
    test: record.id === undefined ? `#${numbers.another()}` : `${here} ${joined(record.id)}`,
    record,
  }));
  const all = [...own];
  for (const inner of suite.suites) for (const placed of trusted(inner, numbers, here)) all.push(placed);
  // Most writers count the suites inside as well, some don't.
  const contradiction = contradictionIn(suite.totals, all);
  if (contradiction !== undefined && contradictionIn(suite.totals, own) !== undefined)
    throw new Unreadable(`the suite "${suite.name}" ${contradiction}`);
  const otherwise = suite.said.find((said) => saysOtherwise(said, all));
  if (otherwise !== undefined)
    throw new Unreadable(`the suite "${suite.name}" says ${otherwise.written}, and its tests don't`);
  return all;
}

/** No two lists of words make the same text. */
const joined = (words: readonly string[]): string => words.map((word) => `${word.length}:${word}`).join('');

const lastRecords = (placed: readonly Placed[]): TestRecord[] => [
  ...new Map(placed.map(({ test, record }) => [test, record])).values(),
];

/** Whether a suite says of itself what its tests don't, or what nobody knows the meaning of. */
function saysOtherwise({ state }: Said, placed: readonly Placed[]): boolean {
  const states = lastRecords(placed).map((record) => record.state);
  const failed = states.some((each) => each === 'failed' || each === 'collection');
  if (state === 'passed') return failed;
  if (state === 'failed') return !failed;
  return state === undefined || failed || states.includes('passed');
}

const notRunIn = (records: readonly TestRecord[]): number =>
  records.filter(({ state }) => state === 'skipped' || state === 'not-run').length;

/**
 * What a suite's totals say that its tests don't. Writers differ: one that tries again counts tries or tests, a test whose cleanup failed as well
 * counts once or twice, and what was skipped may not count as a test. All that is taken; a number outside of it is not.
 */
function contradictionIn(
  { tests, failures, errors, skipped, disabled }: Totals,
  placed: readonly Placed[],
): string | undefined {
  const records = placed.map(({ record }) => record);
  const last = lastRecords(placed);
  const faulty = last.filter(({ state }) => state === 'failed' || state === 'collection').length;
  const sum = (of: (record: TestRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const [faults, tries] = [sum((record) => record.faults), sum((record) => record.tries)];
  const shown = records.length;
  if (tests !== undefined && tests > shown + Math.max(faults, tries)) return `says ${tests} tests and shows ${shown}`;
  if (tests !== undefined && tries === 0 && tests < last.length - notRunIn(last))
    return `says ${tests} tests and shows ${last.length}`;
  const bad = (failures ?? 0) + (errors ?? 0);
  if (bad > faults) return `says ${bad} failures and errors and shows ${faults}`;
  if (failures !== undefined && errors !== undefined && bad < faulty)
    return `says ${bad} failures and errors and shows ${faulty}`;
  const leftOut = (skipped ?? 0) + (disabled ?? 0);
  if (leftOut > notRunIn(records)) return `says ${leftOut} skipped or disabled tests and shows ${notRunIn(records)}`;
  return undefined;
}

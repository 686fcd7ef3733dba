import type { SmokeTest } from './smoke-report.js';

/** What one attribute of a test or a suite says of it. */
export interface Said {
  /** As it is written: `status="failed"`. */
  readonly written: string;
  /** None for a word that nobody has told golive the meaning of. */
  readonly state?: SmokeTest['state'];
}

/** The words of the writers that have such attributes: GoogleTest, CTest, Ginkgo, NUnit, Visual Studio and others. */
const STATES: Readonly<Record<string, SmokeTest['state']>> = Object.fromEntries(
  (
    [
      ['passed', ['run', 'completed', 'passed', 'pass', 'ok', 'success', 'successful']],
      [
        'not-run',
        ['notrun', 'notexecuted', 'suppressed', 'disabled', 'pending', 'todo', 'ignored', 'blocked', 'inactive'],
      ],
      ['skipped', ['skipped', 'skip']],
      ['failed', ['failed', 'fail', 'failure', 'error', 'broken', 'panicked', 'timedout', 'aborted', 'interrupted']],
    ] as const
  ).flatMap(([state, words]) => words.map((word) => [word, state])),
);
/** That a suite was run to its end says nothing of its tests. */
const ONLY_RUN = /^(run|completed)$/i;

const YES = /^(true|yes|1)$/i;
const NO = /^(false|no|0|none)$/i;
const IN_WORDS = ['status', 'result', 'outcome', 'state', 'verdict'];
const GOOD = ['success', 'passed'];
const BAD = ['failed', 'failure', 'error', 'crashed', 'aborted', 'timedout', 'timed-out', 'timeouts'];
/** Of a suite these are totals. */
const BAD_OF_A_TEST = ['failures', 'errors'];
const OUT_OF_A_TEST = ['disabled', 'skipped', 'ignored'];
const IN = ['enabled', 'executed'];

/** Everything that the attributes of a test or a suite say of how it went; `attribute` is empty for one that isn't there. */
export function saidOfItself(attribute: (name: string) => string, of: 'test' | 'suite'): Said[] {
  const said = (names: readonly string[], read: (word: string) => Omit<Said, 'written'> | undefined): Said[] =>
    names.flatMap((name) => {
      const word = attribute(name).trim();
      const verdict = word === '' ? undefined : read(word);
      return verdict ? [{ written: `${name}="${word}"`, ...verdict }] : [];
    });
  const inWords = (word: string) => (of === 'suite' && ONLY_RUN.test(word) ? undefined : stateOf(word));
  return [
    ...said(IN_WORDS, inWords),
    // A number may count what passed.
    ...said(GOOD, (word) =>
      NO.test(word)
        ? { state: 'failed' }
        : /^\d+$/.test(word)
          ? undefined
          : YES.test(word)
            ? { state: 'passed' }
            : inWords(word),
    ),
    ...said(of === 'test' ? [...BAD, ...BAD_OF_A_TEST] : BAD, (word) =>
      NO.test(word) ? undefined : { state: 'failed' },
    ),
    ...said(of === 'test' ? OUT_OF_A_TEST : [], (word) => (YES.test(word) ? { state: 'not-run' } : undefined)),
    ...said(IN, (word) => (NO.test(word) ? { state: 'not-run' } : undefined)),
  ];
}

function stateOf(word: string): Omit<Said, 'written'> {
  const plain = word.toLowerCase().replace(/[\s_-]/g, '');
  const state = Object.hasOwn(STATES, plain) ? STATES[plain] : undefined;
  return state === undefined ? {} : { state };
}

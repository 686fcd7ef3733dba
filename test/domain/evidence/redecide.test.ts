import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redecideReports, redecideVerdicts } from '../../../src/domain/evidence/redecide.js';
import { runs } from '../../support/property-runs.js';
import { IN_FULL } from '../../support/thorough.js';
import { stories } from '../../support/watching-story.js';
import { recordsOf } from '../../support/written-evidence.js';

const UNTIL = 400_000;
const wrong = (all: ReturnType<typeof redecideVerdicts>) => all.filter(({ cannot, differs }) => cannot ?? differs);

test('every verdict and report of made-up watches comes out the same, decided again from its records', () => {
  let decidedAgain = 0;
  let made = 0;
  fc.assert(
    fc.property(stories('calm', 'hurried', 'deadly', 'late'), (story) => {
      const { decided, seen, plan } = recordsOf(story, UNTIL);
      const [verdicts, reports] = [redecideVerdicts(decided, plan), redecideReports(seen, plan)];
      expect(wrong([...verdicts, ...reports])).toEqual([]);
      decidedAgain += verdicts.length;
      made += reports.length;
    }),
    runs(IN_FULL ? 200 : 25),
  );
  expect(decidedAgain).toBeGreaterThan(100);
  expect(made).toBeGreaterThan(100);
});

test('another threshold, another reading, and another outcome are told, with when', () => {
  const [story] = fc.sample(stories('calm'), { numRuns: 1, seed: 7 });
  const { decided, seen, plan } = recordsOf(story!, UNTIL);
  const first = decided.findIndex((each) => each.kind === 'verdict');
  const otherwise = decided.map((each, index) =>
    index === first && each.kind === 'verdict' ? { ...each, outcome: { fired: [], known: {} } } : each,
  );
  expect(wrong(redecideVerdicts(otherwise, plan))).toMatchObject([{ what: 'verdict report', at: decided[first]?.at }]);
  const look = seen.findIndex((each) => each.kind === 'look');
  const lied = seen.map((each, index) =>
    index === look && each.kind === 'look' ? { ...each, reading: { kind: 'none' as const, text: 'forged' } } : each,
  );
  expect(wrong(redecideReports(lied, plan)).length).toBeGreaterThan(0);
});

test('a rule of a later golive, and a segment without its beginning, are said to be what they are', () => {
  const [story] = fc.sample(stories('calm'), { numRuns: 1, seed: 7 });
  const { decided, seen, plan } = recordsOf(story!, UNTIL);
  const later = decided.map((each) => (each.kind === 'verdict' ? { ...each, rule: 'later' as never } : each));
  expect(redecideVerdicts(later, plan)[0]).toMatchObject({ cannot: 'this golive has no rule of this name' });
  const headless = seen.filter(({ kind }) => kind !== 'segment');
  expect(redecideReports(headless, plan)[0]).toMatchObject({ cannot: 'what its segment was given is not on record' });
});

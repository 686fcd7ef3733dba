import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  exitCriteria,
  missingText,
  type Criterion,
  type ExitFacts,
} from '../../../src/domain/hypercare/exit-criteria.js';
import type { ReportedCheck } from '../../../src/domain/watching/reported-check.js';
import { planFor } from '../../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';
import { runs } from '../../support/property-runs.js';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-05-01T00:00:00Z');
const plan = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');

/** Everything clean all the time, seen up to so many hours after the beginning; some checks otherwise. */
function facts(
  hours: number,
  otherwise: Record<string, Partial<ReportedCheck>> = {},
  more: Partial<ExitFacts> = {},
): ExitFacts {
  const seen = plan.checks.map(({ name }): ReportedCheck => ({
    check: name,
    target: 'service',
    standing: 'clean',
    blind: false,
    seenTo: FROM + hours * HOUR,
    last: 'fine',
    running: [],
    ...otherwise[name],
  }));
  return {
    plan,
    release: 'RC.3',
    from: FROM,
    seen,
    openP1: [],
    unknownP1: [],
    live: { answers: ['RC.3', 'RC.3'], fresh: true },
    acknowledged: 'Ana',
    ...more,
  };
}
const criterion = (name: string, given: ExitFacts): Criterion =>
  exitCriteria(given).find((each) => each.name === name)!;
const at = (hours: number) => FROM + hours * HOUR;

test('the criteria of the runbook, in its order', () => {
  expect(exitCriteria(facts(72)).map(({ name }) => name)).toEqual([
    'no open P1',
    'error-rate',
    'p95',
    'checkout',
    'transfers',
    'frozen rules',
    'live version',
    'closing note',
  ]);
  expect(exitCriteria(facts(72)).every(({ met }) => met === true)).toBe(true);
  expect(missingText(exitCriteria(facts(72)))).toBe('');
});

const P1 = { running: ['errors'], standing: 'failing', last: '7 %' } as const;
test.each<[string, string, ExitFacts, Partial<Criterion>]>([
  [
    'a guardrail that has held for 23h59m',
    'p95',
    facts(72, { p95: { failedAt: at(48) + 60_000 } }),
    { met: false, earliest: at(72) + 60_000, detail: 'inside < 350 ms for 23h 59m of 24h' },
  ],
  [
    'one that has held for 24h less a millisecond',
    'p95',
    facts(72, { p95: { failedAt: at(48) + 1 } }),
    { met: false, earliest: at(72) + 1 },
  ],
  ['one that has held for 24h', 'p95', facts(72, { p95: { failedAt: at(48) } }), { met: true }],
  [
    'one that was seen again 24h ago, less a millisecond',
    'p95',
    facts(72, { p95: { sawAgainAt: at(48) + 1 } }),
    { met: false, earliest: at(72) + 1 },
  ],
  ['one that was seen again 24h ago', 'p95', facts(72, { p95: { sawAgainAt: at(48) } }), { met: true }],
  [
    'one that does not hold now',
    'p95',
    facts(72, { p95: { standing: 'failing', last: '400 ms', failedAt: at(72) } }),
    { met: false, detail: '400 ms, not < 350 ms' },
  ],
  [
    'a time without readings is a break',
    'error-rate',
    facts(72, { 'error-rate': { sawAgainAt: at(70) } }),
    { met: false, earliest: at(94) },
  ],
  ['one that nobody sees', 'error-rate', facts(72, { 'error-rate': { blind: true } }), { met: 'unknown' }],
  [
    'one that told nothing when it was last looked at',
    'error-rate',
    facts(72, { 'error-rate': { standing: 'blind' } }),
    { met: 'unknown' },
  ],
  [
    'one that was not looked at yet',
    'error-rate',
    facts(72, { 'error-rate': { standing: 'not looked at' } }),
    { met: 'unknown' },
  ],
  ['what was bad before hypercare counts for nothing', 'p95', facts(24, { p95: { failedAt: at(-1) } }), { met: true }],
  ['hypercare itself is too young', 'p95', facts(23), { met: false, earliest: at(24) }],
  ['by a millisecond', 'p95', facts(24 - 1 / HOUR), { met: false, earliest: at(24) }],
  ['not any more', 'p95', facts(24), { met: true, detail: 'inside < 350 ms for 24h' }],
  ['a quiet hypercare of less than a day', 'no open P1', facts(24 - 1 / HOUR), { met: false, earliest: at(24) }],
  ['one of a day', 'no open P1', facts(24), { met: true }],
  ['a report that is old proves only its own time', 'p95', facts(72, { p95: { seenTo: at(23) } }), { met: false }],
  [
    'an alert that fires',
    'no open P1',
    facts(72, {}, { openP1: ['the alert p1-alert fires for 2m'] }),
    { met: false, detail: 'the alert p1-alert fires for 2m' },
  ],
  [
    'an alert that nothing is known of',
    'no open P1',
    facts(72, {}, { unknownP1: ['the alert p1-alert is unknown for 2m'] }),
    { met: 'unknown', detail: 'the alert p1-alert is unknown for 2m' },
  ],
  ['a P1 of 23 hours ago', 'no open P1', facts(72, {}, { lastP1: at(49) }), { met: false, earliest: at(73) }],
  [
    'one of 24 hours ago, less a millisecond',
    'no open P1',
    facts(72, {}, { lastP1: at(48) + 1 }),
    { met: false, earliest: at(72) + 1 },
  ],
  ['one of 24 hours ago', 'no open P1', facts(72, {}, { lastP1: at(48) }), { met: true }],
  [
    'a breach clock that runs',
    'no open P1',
    facts(72, { 'error-rate': P1 }),
    { met: false, detail: 'errors runs at service (7 %)' },
  ],
  [
    'one that ran an hour ago',
    'no open P1',
    facts(72, { 'error-rate': { breachedAt: at(71) } }),
    { met: false, earliest: at(95) },
  ],
  [
    'one that ran 24 hours ago, less a millisecond',
    'no open P1',
    facts(72, { 'error-rate': { breachedAt: at(48) + 1 } }),
    { met: false, earliest: at(72) + 1 },
  ],
  ['one that ran 24 hours ago', 'no open P1', facts(72, { 'error-rate': { breachedAt: at(48) } }), { met: true }],
  [
    'the clock of a trigger that asks is none',
    'no open P1',
    facts(72, { transfers: { ...P1, running: ['transfers-fail'] } }),
    { met: true },
  ],
  [
    'one bad answer is none',
    'no open P1',
    facts(72, { health: { ...P1, running: ['health-down'], failedAt: at(72) } }),
    { met: true },
  ],
  [
    'whether there is one is unknown without readings',
    'no open P1',
    facts(72, { health: { blind: true } }),
    { met: 'unknown' },
  ],
  [
    'as it was in an hour without',
    'no open P1',
    facts(72, { health: { sawAgainAt: at(70) } }),
    { met: false, earliest: at(94) },
  ],
  [
    'nobody at the tills',
    'checkout',
    facts(72, { checkout: { standing: 'idle', last: 'no requests' } }),
    { met: true, detail: 'no requests' },
  ],
  [
    'a success rate that is met again',
    'checkout',
    facts(72, { checkout: { failedAt: at(71), last: '99.9 %' } }),
    { met: true, detail: '99.9 %, ≥ 99.5 %' },
  ],
  ['one that is not', 'checkout', facts(72, { checkout: { standing: 'failing', last: '98 %' } }), { met: false }],
  ['one that nobody sees', 'transfers', facts(72, { transfers: { blind: true } }), { met: 'unknown' }],
  [
    'contracts that are broken',
    'frozen rules',
    facts(72, { contracts: { standing: 'failing', last: 'rows is gone' } }),
    { met: false, detail: 'contracts: rows is gone' },
  ],
  [
    'a violation of an hour ago',
    'frozen rules',
    facts(72, { invariants: { failedAt: at(71) } }),
    { met: false, earliest: at(95) },
  ],
  [
    'one of 24 hours ago, less a millisecond',
    'frozen rules',
    facts(72, { invariants: { failedAt: at(48) + 1 } }),
    { met: false, earliest: at(72) + 1 },
  ],
  ['one of 24 hours ago', 'frozen rules', facts(72, { invariants: { failedAt: at(48) } }), { met: true }],
  ['one of the moment it began', 'frozen rules', facts(23, { invariants: { failedAt: FROM } }), { met: false }],
  ['one of before', 'frozen rules', facts(23, { invariants: { failedAt: FROM - 1 } }), { met: true }],
  [
    'data that nobody can look at',
    'frozen rules',
    facts(72, { integrity: { standing: 'blind', last: 'a traceback' } }),
    { met: 'unknown', detail: 'no readings of integrity (a traceback)' },
  ],
  [
    'data that were out of sight and are clean',
    'frozen rules',
    facts(72, { integrity: { sawAgainAt: at(71) } }),
    { met: true },
  ],
  [
    'another release',
    'live version',
    facts(72, {}, { live: { answers: ['RC.9'], alarm: { kind: 'foreign', version: 'RC.9' }, fresh: true } }),
    { met: false, detail: 'RC.9, not RC.3' },
  ],
  [
    'one instance of another',
    'live version',
    facts(72, {}, { live: { answers: ['RC.3', 'RC.2'], fresh: true } }),
    { met: false, detail: 'RC.3 and RC.2 answer' },
  ],
  [
    'answers of long ago',
    'live version',
    facts(72, {}, { live: { answers: ['RC.3'], fresh: false } }),
    { met: 'unknown' },
  ],
  ['no answer', 'live version', facts(72, {}, { live: { answers: [], fresh: true } }), { met: 'unknown' }],
])('%s', (_, name, given, expected) => {
  expect(criterion(name, given)).toMatchObject(expected);
});

test('the closing note is met when somebody has acknowledged it', () => {
  const given = { ...facts(72) };
  delete given.acknowledged;
  expect(criterion('closing note', given)).toMatchObject({ met: false });
  expect(criterion('closing note', facts(72))).toMatchObject({ met: true, detail: 'acknowledged by Ana' });
});

test('a plan that asks for no time and no note wants everything as it should be now', () => {
  const quick = { ...plan, hypercare: { ...plan.hypercare, exit: {} } };
  expect(exitCriteria(facts(0, { p95: { failedAt: at(0) } }, { plan: quick })).map(({ met }) => met)).toEqual(
    Array(7).fill(true),
  );
  expect(criterion('p95', facts(0, { p95: { standing: 'failing' } }, { plan: quick })).met).toBe(false);
});

describe('whatever was seen', () => {
  const hours = fc.integer({ min: -10, max: 72 });
  const moment = fc.option(hours.map(at), { nil: undefined });
  const seen = fc.record({
    standing: fc.constantFrom('clean', 'failing', 'idle', 'blind', 'not looked at'),
    blind: fc.boolean(),
    failedAt: moment,
    sawAgainAt: moment,
    breachedAt: moment,
    seenTo: hours.map(at),
  });
  const stories = fc.record({ p95: seen, 'error-rate': seen, health: seen, contracts: seen });

  test('what is blind meets nothing, and what is met stays met in more time without a break', () => {
    fc.assert(
      fc.property(stories, fc.integer({ min: 0, max: 100 }), (story, more) => {
        const checks = JSON.parse(JSON.stringify(story)) as Record<string, Partial<ReportedCheck>>; // without what is undefined
        const given = facts(72, checks);
        const before = exitCriteria(given);
        for (const name of ['p95', 'error-rate'] as const)
          if (story[name].blind || story[name].standing === 'blind') expect(criterion(name, given).met).toBe('unknown');
        const later = exitCriteria({
          ...given,
          seen: given.seen.map((each) => ({ ...each, seenTo: each.seenTo + more * HOUR })),
        });
        before.forEach(({ met, earliest }, index) => {
          if (met === true) expect(later[index]?.met).toBe(true);
          if (earliest !== undefined && later[index]?.met !== true) expect(later[index]?.earliest).toBe(earliest);
        });
      }),
      runs(),
    );
  });

  test('a guardrail is met exactly when a careful person finds 24 hours without a break up to the last report', () => {
    fc.assert(
      fc.property(seen, (story) => {
        const given = facts(72, { p95: JSON.parse(JSON.stringify(story)) as Partial<ReportedCheck> });
        const fine = (story.standing === 'clean' || story.standing === 'idle') && !story.blind;
        const breaks = [FROM, story.failedAt, story.sawAgainAt].filter((each) => each !== undefined);
        expect(criterion('p95', given).met === true).toBe(
          fine && breaks.every((each) => story.seenTo - each >= 24 * HOUR),
        );
      }),
      runs(),
    );
  });
});

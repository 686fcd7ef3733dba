import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TargetState } from '../../../src/domain/watching/segment.js';
import { inRows, inTable, isTable } from '../../../src/domain/watching/state-table.js';
import { runs } from '../../support/property-runs.js';

const age = fc.double({ min: 0, max: 1e8, noNaN: true, noDefaultInfinity: true });
const few = fc.constantFrom(0, 0.5, 175);
const breach = fc.record(
  {
    trigger: fc.constantFrom('latency', 'p95-slow'),
    count: fc.nat(3),
    beganAgeMs: age,
    saidAgeMs: age,
    overdue: fc.boolean(),
    fired: fc.boolean(),
  },
  { requiredKeys: ['trigger', 'count'] },
);
const state: fc.Arbitrary<TargetState> = fc.record(
  {
    check: fc.constantFrom('p95', 'health', 'lastAgeMs', 'null'),
    target: fc.constantFrom('service', 'canary', 'check'),
    standing: fc.constantFrom('not looked at', 'clean', 'failing', 'idle', 'blind'),
    failures: fc.nat(2),
    breaches: fc.array(breach, { maxLength: 2 }),
    last: fc.constantFrom('', '175 ms', '503 in 4 ms'),
    value: few,
    moreThan: fc.constantFrom(true as const, undefined),
    lastAgeMs: fc.oneof(few, age, fc.constant(undefined)),
    toldAgeMs: fc.oneof(few, age),
    unseenForMs: few,
    pace: fc.constantFrom(60_000, undefined),
    ages: fc.record({ failing: few, blind: few, breach: few }, { requiredKeys: [] }),
    course: fc.oneof(fc.constant(undefined), fc.record({ worst: few, flaps: fc.nat(2) }, { requiredKeys: ['flaps'] })),
  },
  { requiredKeys: ['check', 'target', 'standing', 'failures', 'breaches'] },
);
const travelled = <T>(each: T): T => JSON.parse(JSON.stringify(each)) as T;

test('states that have travelled as a table are the states that have travelled in rows', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 4 }), (states) => {
      expect(travelled(inRows(travelled(inTable({ states }))))).toStrictEqual(travelled({ states }));
    }),
    runs(),
  );
});

test('a report that has travelled beside the states it was given is the report that has travelled in rows', () => {
  const both = fc.array(fc.tuple(state, state), { maxLength: 4 });
  fc.assert(
    fc.property(both, (pairs) => {
      const given = pairs.map(([before]) => before);
      const states = pairs.map(([{ check, target }, after]) => ({ ...after, check, target }));
      expect(travelled(inRows(travelled(inTable({ states }, travelled(given))), given))).toStrictEqual(
        travelled({ states }),
      );
    }),
    runs(),
  );
});

test('of a report only what is otherwise travels', () => {
  const given: TargetState[] = [
    { check: 'health', target: 'service', standing: 'clean', failures: 0, breaches: [], lastAgeMs: 50_000, pace: 9 },
    { check: 'p95', target: 'service', standing: 'clean', failures: 0, breaches: [], lastAgeMs: 45_000, pace: 9 },
  ];
  const states = given.map(({ check, target, standing, failures, breaches }, index) => ({
    ...{ check, target, standing, failures, breaches },
    lastAgeMs: 40_000 + index,
  }));
  expect(inTable({ states }, given).states).toEqual({ same: { pace: null }, each: { lastAgeMs: [40_000, 40_001] } });
});

test('rows, as runs of before have them, are read as they are', () => {
  const states = [{ check: 'p95', target: 'service', standing: 'clean', failures: 0, breaches: [] }] as const;
  expect(isTable(states)).toBe(false);
  expect(inRows({ states })).toEqual({ states });
});

test('what all have alike stands once, and so does a column that says the same as another', () => {
  const alike = { target: 'service', standing: 'clean', failures: 0, breaches: [], pace: 60_000 } as const;
  const states = [
    { ...alike, check: 'health', last: '200 in 4 ms', lastAgeMs: 50_000, toldAgeMs: 50_000, course: { flaps: 0 } },
    { ...alike, check: 'p95', last: '175 ms', value: 175, lastAgeMs: 45_000, toldAgeMs: 45_000, course: { flaps: 0 } },
  ];
  expect(inTable({ states }).states).toEqual({
    same: { ...alike, flaps: 0 },
    each: {
      check: ['health', 'p95'],
      last: ['200 in 4 ms', '175 ms'],
      lastAgeMs: [50_000, 45_000],
      toldAgeMs: 'lastAgeMs',
      value: [null, 175],
    },
  });
});

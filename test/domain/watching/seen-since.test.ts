import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CheckStatus } from '../../../src/domain/watching/check-status.js';
import { seenSince, type SeenSince } from '../../../src/domain/watching/seen-since.js';
import { runs } from '../../support/property-runs.js';

const p95: CheckStatus = {
  check: 'p95',
  target: 'service',
  standing: 'clean',
  failures: 0,
  last: '180 ms',
  value: 180,
  guardrail: '< 350 ms',
  triggers: [],
};
const look: SeenSince = { check: 'p95', target: 'service', standing: 'clean', failures: 0, last: '201 ms', value: 201 };

test.each<[string, CheckStatus, SeenSince[], CheckStatus]>([
  ['a look under way is newer', p95, [look], { ...p95, last: '201 ms', value: 201 }],
  [
    'also when it is not well',
    p95,
    [{ ...look, standing: 'failing', failures: 1, last: '400 ms', value: 400 }],
    { ...p95, standing: 'failing', failures: 1, last: '400 ms', value: 400 },
  ],
  [
    'one without a value',
    p95,
    [{ check: 'p95', target: 'service', standing: 'blind', failures: 0, last: 'ECONNREFUSED' }],
    { ...p95, standing: 'blind', last: 'ECONNREFUSED' },
  ],
  ['none of it', p95, [], p95],
  ['one of another target', p95, [{ ...look, target: 'canary' }], p95],
  [
    'one that has not looked yet',
    p95,
    [{ check: 'p95', target: 'service', standing: 'not looked at', failures: 0 }],
    p95,
  ],
])('%s', (_, check, seen, shown) => {
  expect(seenSince([check], seen)).toEqual([shown]);
});

const standing = fc.constantFrom('not looked at', 'clean', 'failing', 'idle', 'blind');
const name = fc.constantFrom('health', 'p95');
const any = fc.record({ check: name, target: name, standing, failures: fc.nat(3), last: fc.constantFrom('1', '2') });

test('nothing is shown better than the run knows it, and no check comes or goes', () => {
  fc.assert(
    fc.property(fc.array(any), fc.array(any), (checks, seen) => {
      const watching = checks.map((each): CheckStatus => ({ ...each, triggers: [] }));
      const shown = seenSince(watching, seen);
      expect(shown.map(({ check, target }) => [check, target])).toEqual(
        watching.map(({ check, target }) => [check, target]),
      );
      const unwell = watching.filter((each) => each.standing !== 'clean' && each.standing !== 'idle');
      expect(shown).toEqual(expect.arrayContaining(unwell));
    }),
    runs(),
  );
});

import { expect, test } from '@jest/globals';
import { routingOf, type KnownBuild } from '../../src/temporal/current-build.js';
import { unfitForVersioning } from '../../src/temporal/deployment.js';

const OLD: KnownBuild = { id: 'old', firstSeen: 1, hadNewRuns: true };
const CURRENT: KnownBuild = { id: 'current', firstSeen: 2, hadNewRuns: true };
const NEW: KnownBuild = { id: 'new', firstSeen: 3, hadNewRuns: false };

test.each<[string, string, KnownBuild[], string | undefined, string]>([
  ['the very first', 'new', [NEW], undefined, 'make-current'],
  ['a new one', 'new', [NEW, CURRENT, OLD], 'current', 'make-current'],
  ['the current one starts again', 'current', [CURRENT], 'current', 'is-current'],
  ['the server has not heard of it yet', 'new', [CURRENT], 'current', 'not-known'],
  ['an old one starts again', 'old', [CURRENT, OLD], 'current', 'leave'],
  [
    'an older one that never had its turn',
    'early',
    [CURRENT, { id: 'early', firstSeen: 1.5, hadNewRuns: false }],
    'current',
    'leave',
  ],
  ['one that had its turn before versioning was given up', 'old', [CURRENT, OLD], undefined, 'leave'],
  ['a new one after versioning was given up', 'new', [NEW, CURRENT], undefined, 'make-current'],
])('which build gets new runs: %s', (_, own, builds, current, kind) => {
  expect(routingOf(own, builds, current).kind).toBe(kind);
});

test('which is left to people says to whom new runs go', () => {
  expect(routingOf('old', [CURRENT, OLD], 'current')).toEqual({
    kind: 'leave',
    why: 'it has had its turn, and now they go to build current',
  });
});

test.each([
  ['golive', true],
  ['golive-blue', true],
  ['golive.blue', false],
  ['golive:blue', false],
  ['__golive', false],
])('the queue %s can have versioning: %s', (name, fit) => {
  expect(unfitForVersioning(name) === undefined).toBe(fit);
});

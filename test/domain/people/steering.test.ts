import { expect, test } from '@jest/globals';
import { effectOf, ignoredText, notPromotedText, type SteeringSight } from '../../../src/domain/people/steering.js';
import type { StageStatus } from '../../../src/domain/run/status.js';

const SAID = { by: 'Ana', reason: 'look' };
const SENT = Date.parse('2026-03-01T02:00:00.000Z');
const at = (seconds: number) => new Date(SENT + seconds * 1_000).toISOString();
const stages = (state: StageStatus['state']): StageStatus[] => [{ name: 'canary', state }];
const sight = (more: Partial<SteeringSight> = {}): SteeringSight => ({
  stages: stages('soaking'),
  ineffective: [],
  ...more,
});
const ignored = (seconds: number, what: string) => sight({ ineffective: [{ at: at(seconds), what }] });
const paused = (by: string, seconds: number) => sight({ paused: { by, reason: 'look', at: at(seconds) } });
const none = (why: string) => ({ is: 'none', why });

test.each<[string, ReturnType<typeof effectOf>, object]>([
  ['a pause that is there', effectOf('pause', SAID, sight(), paused('Ana', 1), SENT), { is: 'done' }],
  ['nothing yet', effectOf('pause', SAID, sight(), sight(), SENT), { is: 'open' }],
  ['a pause of somebody else', effectOf('pause', SAID, sight(), paused('Bea', 1), SENT), { is: 'open' }],
  [
    'a pause of its own that is there already',
    effectOf(
      'pause',
      SAID,
      paused('Ana', -9),
      { ...paused('Ana', -9), ...ignored(1, ignoredText('pause', SAID, 'it is paused')) },
      SENT,
    ),
    none('it is paused'),
  ],
  [
    'what the same person was told before',
    effectOf(
      'pause',
      SAID,
      ignored(-1, ignoredText('pause', SAID, 'no')),
      ignored(-1, ignoredText('pause', SAID, 'no')),
      SENT,
    ),
    { is: 'open' },
  ],
  [
    'what another one is told',
    effectOf('pause', SAID, sight(), ignored(1, ignoredText('pause', { by: 'Bea', reason: 'look' }, 'no')), SENT),
    { is: 'open' },
  ],
  [
    'nobody answered before',
    effectOf('pause', SAID, undefined, ignored(1, ignoredText('pause', SAID, 'no')), SENT),
    none('no'),
  ],
  [
    'nobody answered before, and this is old',
    effectOf('pause', SAID, undefined, ignored(-3_600, ignoredText('pause', SAID, 'no')), SENT),
    { is: 'open' },
  ],
  ['a pause that has ended', effectOf('resume', SAID, paused('Bea', -9), sight(), SENT), { is: 'done' }],
  ['one that has not', effectOf('resume', SAID, paused('Bea', -9), paused('Bea', -9), SENT), { is: 'open' }],
  ['a soak that goes on', effectOf('promote', SAID, sight(), sight(), SENT), { is: 'open' }],
  [
    'a soak that has ended',
    effectOf('promote', SAID, sight(), sight({ stages: stages('done') }), SENT),
    { is: 'done' },
  ],
  [
    'a soak that was stopped',
    effectOf('promote', SAID, sight(), sight({ stages: stages('stopped') }), SENT),
    { is: 'open' },
  ],
  [
    'readings against it',
    effectOf('promote', SAID, sight(), ignored(4, notPromotedText(SAID, 'p95 is blind')), SENT),
    none('p95 is blind'),
  ],
])('%s', (_, effect, expected) => {
  expect(effect).toEqual(expected);
});

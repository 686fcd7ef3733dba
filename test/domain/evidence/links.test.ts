import { expect, test } from '@jest/globals';
import { commandsOtherwise, unaccounted } from '../../../src/domain/evidence/links.js';
import type { Decided, DecidedRecord, SeenRecord } from '../../../src/domain/evidence/record.js';

const at = '2026-05-02T22:00:00.000Z';
const made = (...records: Decided[]): DecidedRecord[] => records.map((each, n) => ({ ...each, at, n }));
const told = (...records: Decided[]) => unaccounted(made(...records)).map(({ text }) => text);

const verdict = (rule: Extract<Decided, { kind: 'verdict' }>['rule'], inputs: unknown, outcome: unknown): Decided => ({
  kind: 'verdict',
  rule,
  inputs,
  outcome,
});
const course = (value: Extract<Decided, { kind: 'course' }>['course']): Decided => ({ kind: 'course', course: value });
const soaking = course({ is: 'rolling-out', stage: 'canary', part: 'soaking', deployed: true });
const deploying = course({ is: 'rolling-out', stage: 'canary', part: 'deploying', deployed: true });
const next = course({ is: 'rolling-out', stage: 'all', part: 'deploying', deployed: true });
const answered = (id: string, choice: string): Decided => ({
  kind: 'hold',
  id,
  state: 'answered',
  choice,
  by: 'Ana',
  reason: 'x',
});
const stop = (kind: 'trigger' | 'abort' | 'decision', by: string, choice?: string): Decided => ({
  kind: 'stop',
  stop: { kind, by, reason: 'x', at, ...(choice === undefined ? {} : { choice }) },
});
const fired = verdict('report', {}, { fired: [{ trigger: 'slow' }], known: {} });
const ended = (outcome: 'completed' | 'rolled-back') => course({ is: 'ended', outcome });

// What was done, and what accounts for it: without that it is told.
test.each<[string, Decided[], Decided[], string]>([
  [
    'a passed preflight',
    [verdict('preflight', {}, { failed: null })],
    [course({ is: 'preflight', passed: true })],
    'the preflight has passed',
  ],
  [
    'a stage after its command',
    [deploying, verdict('command', { step: 'deploy-canary' }, true)],
    [soaking],
    'from deploying canary',
  ],
  [
    'a soak that promotes',
    [soaking, verdict('soak', { stage: 'canary' }, { kind: 'promote' })],
    [next],
    'the soak of canary',
  ],
  ['a promotion by hand', [soaking, verdict('promotion', { stage: 'canary' }, true)], [next], 'the soak of canary'],
  ['an answer', [soaking, answered('soak-canary', 'promote')], [next], 'the soak of canary'],
  [
    'a trigger',
    [fired, verdict('trigger', { trigger: 'slow' }, 'rollback')],
    [stop('trigger', 'trigger slow')],
    'trigger slow',
  ],
  [
    'an alert',
    [verdict('alert', { trigger: 'p1' }, { fires: true }), verdict('trigger', { trigger: 'p1' }, 'rollback')],
    [stop('trigger', 'trigger p1')],
    'trigger p1',
  ],
  [
    'a verification',
    [verdict('verification', {}, { bad: 'health' })],
    [stop('trigger', 'verification')],
    'its verification',
  ],
  [
    'an abort',
    [{ kind: 'told', how: 'signal', name: 'abort', payload: {} }],
    [stop('abort', 'Ana')],
    'an abort of Ana',
  ],
  ['a decision', [answered('blind', 'roll-back')], [stop('decision', 'Ana', 'roll-back')], 'the answer roll-back'],
  ['a proof', [verdict('proof', {}, { missing: null })], [ended('rolled-back')], 'rolled back'],
  ['exit criteria', [verdict('exit', {}, [{ met: true }])], [ended('completed')], 'completed'],
])('%s', (_, before, after, text) => {
  expect(told(...before, ...after)).toEqual([]);
  const [first] = before;
  const without = first?.kind === 'course' ? [first] : [];
  expect(told(...without, ...after)).toEqual([expect.stringContaining(text)]);
});

test('what comes after it accounts for nothing, nor what is of another stage or trigger, or said no', () => {
  expect(told(soaking, next, answered('soak-canary', 'promote'))).toHaveLength(1);
  expect(told(soaking, verdict('soak', { stage: 'other' }, { kind: 'promote' }), next)).toHaveLength(1);
  expect(told(soaking, verdict('soak', { stage: 'canary' }, { kind: 'wait' }), next)).toHaveLength(1);
  expect(told(fired, verdict('trigger', { trigger: 'slow' }, 'note'), stop('trigger', 'trigger slow'))).toHaveLength(1);
  expect(told(verdict('exit', {}, [{ met: true }, { met: 'unknown' }]), ended('completed'))).toHaveLength(1);
});

test('a command that ended otherwise for its host than for the run is told', () => {
  const decided = made(
    verdict('command', { step: 'deploy-all', generation: 1, end: { kind: 'exited', exitCode: 0 } }, true),
  );
  const seen = (exitCode: number): SeenRecord[] => [
    {
      at,
      kind: 'command',
      step: 'deploy-all',
      generation: 1,
      argv: [],
      directory: '',
      end: { kind: 'exited', exitCode },
      output: [],
    },
  ];
  expect(commandsOtherwise(decided, seen(0))).toEqual([]);
  expect(commandsOtherwise(decided, [])).toEqual([]);
  expect(commandsOtherwise(decided, seen(1))).toMatchObject([{ text: expect.stringContaining('deploy-all.1') }]);
});

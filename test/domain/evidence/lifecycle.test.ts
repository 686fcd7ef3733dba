import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cdevents } from '../../../src/domain/evidence/cdevents.js';
import { doraOf, doraText } from '../../../src/domain/evidence/dora.js';
import { momentsOf, momentsOfResult, type Lifecycle } from '../../../src/domain/evidence/lifecycle.js';
import type { DecidedRecord } from '../../../src/domain/evidence/record.js';
import { breachKey } from '../../../src/domain/watching/watch-state.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 2, minute)).toISOString();
const life = (more: Partial<Lifecycle> = {}): Lifecycle => ({
  id: 'run-1',
  environment: 'prod',
  service: 'ARIS3',
  release: 'RC.3',
  previousRelease: 'RC.2',
  rollback: false,
  startedAt: at(0),
  outcome: 'completed',
  ...more,
});
const types = (of: Lifecycle) =>
  cdevents(of).map(({ context }) => `${context.type} ${context.timestamp.slice(14, 16)}`);

test.each([
  ['one that is under way tells nothing yet', life({ outcome: undefined }), []],
  ['one that is live', life({ liveAt: at(40) }), ['dev.cdevents.service.upgraded.0.2.0 40']],
  [
    'one that was rolled back in hypercare',
    life({ liveAt: at(40), failingSince: at(50), restoredAt: at(55), outcome: 'rolled-back' }),
    [
      'dev.cdevents.service.upgraded.0.2.0 40',
      'dev.cdevents.incident.detected.0.2.0 50',
      'dev.cdevents.service.rolledback.0.2.0 55',
      'dev.cdevents.incident.resolved.0.2.0 55',
    ],
  ],
  [
    'one whose rollback failed',
    life({ failingSince: at(50), outcome: 'rollback-failed' }),
    ['dev.cdevents.incident.detected.0.2.0 50'],
  ],
])('CDEvents of %s', (_, of, expected) => {
  expect(types(of)).toEqual(expected);
});

test('an event says what, where and which release, under an ID that stays', () => {
  const of = life({ release: 'RC/3', liveAt: at(40), restoredAt: at(55) });
  expect(cdevents(of)).toEqual(cdevents(of));
  expect(cdevents(of)[0]).toEqual({
    context: {
      version: '0.4.1',
      id: 'run-1/service.upgraded',
      source: '/golive/prod',
      type: 'dev.cdevents.service.upgraded.0.2.0',
      timestamp: at(40),
    },
    subject: {
      id: 'ARIS3',
      source: '/golive/prod',
      type: 'service',
      content: { environment: { id: 'prod', source: '/golive/prod' }, artifactId: 'pkg:generic/ARIS3@RC%2F3' },
    },
  });
  expect(cdevents(of)[1]?.subject.content).toMatchObject({ artifactId: 'pkg:generic/ARIS3@RC.2' });
});

const record = (n: number, minute: number, more: object) => ({ n, at: at(minute), ...more }) as DecidedRecord;
const where = { check: 'p95', target: 'service' };
const fired = (n: number, minute: number, since: number) =>
  record(n, minute, {
    kind: 'verdict',
    rule: 'report',
    outcome: {
      // An advisory one, whose breach began long before, fires in the same report.
      fired: ['note', 'latency'].map((trigger) => ({ ...where, trigger, detail: '' })),
      known: {
        since: {
          [breachKey(where, 'latency')]: Date.parse(at(since)),
          [breachKey(where, 'note')]: Date.parse(at(1)),
          'other service ask': 0,
        },
      },
    },
  });
const stopped = (n: number, minute: number, kind: string) =>
  record(n, minute, { kind: 'stop', stop: { kind, reason: '', by: 'trigger latency', at: at(minute) } });

test.each([
  ['a trigger: since its breach runs', [fired(1, 30, 15), stopped(2, 30, 'trigger')], 15],
  ['a trigger that others raised', [fired(1, 20, 15), stopped(2, 30, 'trigger')], 30],
  ['a person', [fired(1, 30, 15), stopped(2, 30, 'abort')], 30],
])('from evidence, stopped by %s', (_, records, minute) => {
  expect(momentsOf(records).failingSince).toBe(at(minute));
});

test('from evidence: the service, and when it was live; nothing of what isn’t there', () => {
  const records = [
    record(0, 1, { kind: 'plan', hash: 'x', plan: { service: 'ARIS3' } }),
    record(1, 40, { kind: 'course', course: { is: 'hypercare' } }),
  ];
  expect(momentsOf(records)).toEqual({ service: 'ARIS3', liveAt: at(40) });
  expect(momentsOf([])).toEqual({});
});

test('from a result: an abort before anything was deployed is no failure, and only a proven rollback restores', () => {
  const stop = { kind: 'abort', reason: '', by: '', at: at(5) } as const;
  expect(momentsOfResult({ outcome: 'aborted', stop }, at(6))).toEqual({});
  expect(momentsOfResult({ outcome: 'rollback-failed', stop }, at(6))).toEqual({ failingSince: at(5) });
  expect(momentsOfResult({ outcome: 'rolled-back', stop }, at(6))).toEqual({ failingSince: at(5), restoredAt: at(6) });
  expect(momentsOfResult(undefined, undefined)).toEqual({});
});

test('DORA: what deployed nothing counts nowhere, and a go-live that was taken back afterwards failed', () => {
  const lives = [
    life({ id: '1', liveAt: at(10) }),
    life({ id: '2', outcome: 'rejected' }),
    life({ id: '3', release: 'RC.4', startedAt: at(12), liveAt: at(42) }),
    life({
      id: '4',
      release: 'RC.4',
      rollback: true,
      startedAt: at(43),
      failingSince: at(43),
      restoredAt: at(45),
      outcome: 'rolled-back',
    }),
    life({ id: '5', release: 'RC.5', failingSince: at(50), restoredAt: at(54), outcome: 'rolled-back' }),
  ];
  const dora = doraOf(lives);
  expect(dora).toEqual({ changes: 3, failed: 2, leadTimeMs: 20 * 60_000, restoreMs: 3 * 60_000 });
  expect(doraText(dora)).toBe('DORA: 3 changes, 2 failed (67 %), lead time 20m, time to restore 3m');
  expect(doraText(doraOf([life({ id: '1', liveAt: at(10) })]))).toBe('DORA: 1 change, 0 failed (0 %), lead time 10m');
  expect(doraText(doraOf([]))).toBeUndefined();
});

test('DORA never counts more failures than changes, nor what isn’t a moment', () => {
  const moment = fc.option(fc.oneof(fc.integer({ min: 0, max: 59 }).map(at), fc.constant('soon')), { nil: undefined });
  const any = fc.record({
    id: fc.uuid(),
    release: fc.constantFrom('RC.3', 'RC.4'),
    rollback: fc.boolean(),
    outcome: fc.constantFrom('completed', 'rolled-back', 'rollback-failed', 'aborted', 'soaking'),
    liveAt: moment,
    failingSince: moment,
    restoredAt: moment,
  });
  fc.assert(
    fc.property(fc.array(any), (lives) => {
      const dora = doraOf(lives.map((each) => life(each)));
      expect(dora.failed).toBeLessThanOrEqual(dora.changes);
      for (const length of [dora.leadTimeMs ?? 0, dora.restoreMs ?? 0]) expect(length).toBeGreaterThanOrEqual(0);
    }),
  );
});

import { expect, test } from '@jest/globals';
import { faultText, runFault, takesCare, type RunSeen } from '../../../src/domain/run/run-fault.js';

const NOW = Date.parse('2026-05-02T02:10:00Z');
const waits = (attempt: number, forMs: number, times = 1) => ({
  state: 'RUNNING',
  task: { attempt },
  failing: { since: NOW - forMs, times },
});
const seen = (more: Partial<RunSeen> = {}): RunSeen => ({
  workflowId: 'go-live-prod',
  remembered: { phase: 'hypercare', release: 'RC.3', previousRelease: 'RC.2' },
  state: 'FAILED',
  failure: { type: 'Odd', why: 'startAt is over.' },
  ...more,
});
const inPhase = (phase?: string) => ({ remembered: { phase, release: 'RC.3' } });

test.each<[string, Partial<RunSeen>, 'stuck' | 'ended' | undefined]>([
  ['a run that failed', {}, 'ended'],
  ['one that failed before its first deploy', inPhase('preflight'), 'ended'],
  ['one that failed before it left a memo', { remembered: undefined }, 'ended'],
  ['one that was cut off', { state: 'TIMED_OUT' }, 'ended'],
  ['one that was terminated with a release live', { state: 'TERMINATED' }, 'ended'],
  ['one that was terminated before its first deploy', { state: 'TERMINATED', ...inPhase('preflight') }, undefined],
  ['one that was terminated before it left a memo', { state: 'TERMINATED', remembered: undefined }, undefined],
  ['one that was terminated while it rolled back', { state: 'TERMINATED', ...inPhase('rolling-back') }, 'ended'],
  ['a start that was refused', { failure: { type: 'RefusedStart', why: 'no' }, remembered: undefined }, undefined],
  ['a rehearsal', { input: { dryRun: true } }, undefined],
  ['one whose outcome is known', { remembered: { phase: 'ended', outcome: 'rolled-back' } }, undefined],
  ['one that is over with a result', { state: 'COMPLETED' }, undefined],
  ['one that goes on as a new run', { state: 'CONTINUED_AS_NEW' }, undefined],
  ['one that runs', { state: 'RUNNING' }, undefined],
  ['one whose task comes again for less than a minute', waits(9, 59_999), undefined],
  ['one whose task waits for a worker', { state: 'RUNNING', task: { attempt: 1 } }, undefined],
  ['one whose task was lost once, less than three minutes ago', waits(2, 179_999), undefined],
  ['one whose task comes a third time after a minute', waits(3, 60_000), 'stuck'],
  ['one whose tries the server has counted anew', waits(1, 60_000, 3), 'stuck'],
  ['and again and again', waits(1, 180_000), 'stuck'],
  ['one whose failed tasks were followed by none', { ...waits(9, 600_000), task: undefined }, undefined],
])('%s', (_, what, kind) => expect(runFault(seen(what), NOW)?.kind).toBe(kind));

test('who was told that it is stuck is told of its end when a task has been completed', () => {
  expect(runFault(seen(waits(1, 61_000)), NOW)).toBeUndefined();
  expect(runFault(seen(waits(1, 61_000)), NOW, true)?.kind).toBe('stuck');
  expect(runFault(seen({ state: 'RUNNING', task: { attempt: 1 } }), NOW, true)).toBeUndefined();
});

test('what the server ends nobody has done on purpose', () => {
  const terminated = (by?: string) => runFault(seen({ state: 'TERMINATED', failure: { why: 'x', by } }), NOW);
  expect(terminated('ana@laptop')).toMatchObject({ onPurpose: true, unwatched: true });
  expect(terminated('history-service')).not.toHaveProperty('onPurpose');
});

test.each<[string, Partial<RunSeen>, boolean]>([
  ['runs and has deployed', { state: 'RUNNING' }, true],
  ['is in its preflight', { state: 'RUNNING', ...inPhase('preflight') }, false],
  ['was rejected', { state: 'COMPLETED', remembered: { phase: 'ended', outcome: 'rejected' } }, false],
  ['was aborted early', { state: 'COMPLETED', remembered: { phase: 'ended', outcome: 'aborted' } }, false],
  ['rolled back', { state: 'COMPLETED', remembered: { phase: 'ended', outcome: 'rolled-back' } }, true],
  ['was refused', { remembered: undefined, failure: { type: 'RefusedStart', why: 'no' } }, false],
  ['failed with its release live', {}, true],
])('a newer run takes care of what is live: one that %s', (_, what, expected) =>
  expect(takesCare(seen(what))).toBe(expected),
);

function text(more: Partial<RunSeen>): string {
  const fault = runFault(seen(more), NOW);
  return fault ? faultText(fault, 'go-live-prod') : '';
}

test('a page says what is so, what it means and what to do', () => {
  expect(text({})).toBe(
    'The go-live of RC.3 to prod failed in the phase hypercare, without an outcome: startAt is over.\n' +
      'Nothing of golive watches this release any more, and nothing takes it back. Commands that ran go on under their supervisors.\n' +
      'Watch the release by hand meanwhile. To take it back:\n' +
      'golive rollback prod --release RC.3 --previous RC.2\n' +
      'Without golive: docs/break-glass.md.\n' +
      'Look: golive status prod',
  );
  expect(text({ ...waits(7, 100_000), taskFailure: '[TMPRL1100] Nondeterminism error' })).toMatch(
    /^The go-live of RC\.3 to prod stands still in the phase hypercare: its workflow task fails again and again \(try 7\): \[TMPRL1100\] Nondeterminism error\.\nUntil that ends nothing [^]*\ntemporal workflow terminate --workflow-id go-live-prod\ngolive rollback prod /,
  );
});

test('a failure as long as a page of its own is cut, and names are words of the shell', () => {
  expect(text({ failure: { why: 'x'.repeat(5_000) } }).length).toBeLessThan(1_300);
  expect(text({ remembered: { phase: 'hypercare', release: 'RC.3; rm -rf /', previousRelease: 'RC.2' } })).toContain(
    "--release 'RC.3; rm -rf /' --previous RC.2",
  );
});

import { expect, test } from '@jest/globals';
import { replayScreen } from '../../../src/cli/screens/replay-screen.js';
import { verifyScreen } from '../../../src/cli/screens/verify-screen.js';

const plain = (_: unknown, text: string) => text;
const AT = '2026-05-02T22:15:00.000Z';
const which = { workflowId: 'go-live-prod', firstRunId: '01a2', beganAt: '2026-05-02T22:00:00.000Z' };
const checked = { journals: 2, seals: 9, records: 400, verdicts: { report: 12, soak: 2 }, reports: 13, outputs: 16 };

test('what was verified, and that nothing is wrong', () => {
  const text = verifyScreen(
    {
      ...which,
      checked: { ...checked, decidedBy: 12, withReadings: 11 },
      wrong: [],
      told: [{ kind: 'cut', text: 'x: cut off' }],
    },
    plain,
  );
  expect(text.split('\n').slice(1)).toEqual([
    '  read: 2 journals, 400 records under 9 seals; 16 outputs of commands',
    '  decided again: report 12, soak 2',
    '  made again from their looks: 13 reports; 11 of the 12 that the run has decided by have their readings here',
    '  x: cut off',
    '  Every seal holds, and every verdict comes out the same.',
  ]);
});

test('what is wrong is told with when; control characters of a record reach no terminal', () => {
  const wrong = [
    { kind: 'differs' as const, at: AT, text: 'verdict soak: kind is "wait", on record "promote"' },
    { kind: 'changed' as const, text: 'a\u001b[2Jb\nc' },
  ];
  const text = verifyScreen(
    { ...which, checked: { ...checked, decidedBy: 0, withReadings: 0 }, wrong, told: [] },
    plain,
  );
  expect(text).toContain('2 things are wrong:');
  expect(text).toMatch(/ {2}2026-05-02 22:15:00Z {2}differs: verdict soak: kind is "wait", on record "promote"/);
  expect(text).toContain('changed: a\\x1b[2Jb c');
});

test('what would have been otherwise, and what nobody can know', () => {
  const fired = { at: AT, detail: 'p95 at service: 600 ms > 500 ms for 5m' };
  const base = { ...which, until: AT, stopped: true, soaks: [], unknown: ['health was not looked at'] };
  const text = replayScreen(
    {
      ...base,
      release: 'RC.3',
      outcome: 'rolled-back',
      rollsBackAt: '2026-05-02T22:11:00.000Z',
      triggers: [
        {
          trigger: 'slow',
          target: 'service',
          action: 'rollback',
          then: fired,
          now: { ...fired, at: '2026-05-02T22:11:00.000Z' },
        },
        { trigger: 'down', target: 'canary', action: 'rollback', then: fired },
        { trigger: 'new', target: 'service', action: 'note', now: fired },
        { trigger: 'same', target: 'service', action: 'ask', then: fired, now: fired },
      ],
      soaks: [
        { stage: 'canary', began: AT, then: { at: AT, how: 'promoted' }, promotedAt: AT },
        { stage: 'all', began: AT, then: { at: AT, how: 'stopped' }, why: 'not clean' },
      ],
    },
    plain,
  );
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'go-live-prod, RC.3, begun 2026-05-02 22:00:00Z: rolled-back 01a2',
    'slow at service (rollback): fired at 2026-05-02 22:15:00Z (p95 at service: 600 ms > 500 ms for 5m); would fire 4m earlier, at 2026-05-02 22:11:00Z (p95 at service: 600 ms > 500 ms for 5m)',
    'down at canary (rollback): fired at 2026-05-02 22:15:00Z (p95 at service: 600 ms > 500 ms for 5m); would not fire before its stop',
    'new at service (note): did not fire; would fire at 2026-05-02 22:15:00Z (p95 at service: 600 ms > 500 ms for 5m)',
    'same at service (ask): fired at 2026-05-02 22:15:00Z (p95 at service: 600 ms > 500 ms for 5m); would fire as before',
    'soak of canary: promoted at 2026-05-02 22:15:00Z; would have been promoted at 2026-05-02 22:15:00Z',
    'soak of all: stopped at 2026-05-02 22:15:00Z; would not have been promoted by then: not clean',
    'it would have been stopped at 2026-05-02 22:11:00Z: what came after that, nobody can know',
    'looks after its stop at 2026-05-02 22:15:00Z are of another release, and count for nothing',
    "can't be known: health was not looked at",
  ]);
});

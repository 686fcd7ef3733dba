import { expect, test } from '@jest/globals';
import { upScreen } from '../../../src/cli/screens/up-screen.js';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import type { ListedRun } from '../../../src/cli/run/list-runs.js';
import { homeAt } from '../../../src/home.js';

const run = (environment: string, dryRun = false): ListedRun => ({
  environment,
  workflowId: `go-live-${environment}${dryRun ? '-dry-run' : ''}`,
  runId: 'r',
  dryRun,
  open: true,
  release: 'RC.3',
  previousRelease: 'RC.2',
  decisionOwner: 'Ana',
  phase: 'soaking',
  startedAt: '2026-03-01T02:00:00Z',
  holds: ['soak-canary'],
  build: { behavior: 'unversioned', workers: 1 },
});
const told = (...open: ListedRun[]) =>
  upScreen(
    {
      server: { address: 'a:1', namespace: 'default', logFile: '/h/s.log', cli: 'temporal' },
      home: homeAt('/h'),
      playbookFile: 'golive.yaml',
      playbook: { environments: ['sandbox'], missingVariables: [] },
      open,
    },
    plainPaint,
  );

test('with nothing open it says how to start one', () => {
  expect(told()).toContain('golive start sandbox');
  expect(told()).not.toContain('goes on:');
});

test('what is open is named with release, phase and what it waits for, and nobody is told to start another', () => {
  const said = told(run('prod'), run('staging', true));
  expect(said).toMatch(
    /What was open goes on:\n {2}prod +SOAKING +RC\.3 ← RC\.2 +for .* · waits for an answer: soak-canary · owner Ana/,
  );
  expect(said).toMatch(/\n {2}staging \(rehearsal\) +SOAKING/);
  expect(said).toContain('  golive watch prod');
  expect(said).not.toContain('golive start');
  expect(told(run('staging', true))).toContain('  golive abort staging --dry-run');
});

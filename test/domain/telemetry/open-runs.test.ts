import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holdAges, holdsOpen, runsByPhase, type OpenRun } from '../../../src/domain/telemetry/open-runs.js';
import { OWN_METRICS } from '../../../src/domain/telemetry/own-metrics.js';
import { runs } from '../../support/property-runs.js';

const NOW = Date.parse('2026-03-01T02:10:00Z');
const run = (environment: string, phase?: string, ...holds: [id: string, openedAt?: string][]): OpenRun => ({
  workflowId: `go-live-${environment}`,
  remembered: { phase, holds: holds.map(([id, openedAt]) => ({ id, openedAt })) },
});
const told = (samples: ReturnType<typeof runsByPhase>) =>
  samples.map(({ labels, value }) => `${Object.values(labels).join(' ')} ${value}`);

test('open runs are counted by environment and phase, a rehearsal beside a go-live', () => {
  const open = [
    run('prod', 'soaking'),
    run('staging', 'hypercare'),
    { workflowId: 'go-live-staging-dry-run', remembered: { phase: 'rehearsing' } },
    { workflowId: 'go-live-town' },
  ];
  expect(told(runsByPhase(open))).toEqual([
    'prod soaking 1',
    'staging hypercare 1',
    'staging rehearsing 1',
    'town unknown 1',
  ]);
});

test('holds are counted by kind, the oldest says for how long', () => {
  const open = [
    run(
      'prod',
      'deploying',
      ['unknown-deploy-canary-1', '2026-03-01T02:00:00Z'],
      ['unknown-deploy-canary-12', '2026-03-01T02:09:00Z'],
      ['blind', '2026-03-01T02:09:30.500Z'],
    ),
  ];
  expect(told(holdsOpen(open))).toEqual(['prod unknown-deploy-canary 2', 'prod blind 1']);
  expect(told(holdAges(open, NOW))).toEqual(['prod unknown-deploy-canary 600', 'prod blind 29.5']);
});

test('a hold that says nothing of its beginning, or one of the future, has waited for 0', () => {
  const open = [run('prod', 'soaking', ['blind'], ['gate-rest', '2026-03-01T03:00:00Z'], ['soak-canary', 'soon'])];
  expect(told(holdAges(open, NOW))).toEqual(['prod blind 0', 'prod gate-rest 0', 'prod soak-canary 0']);
});

test('whatever a run remembers, its labels are words', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (phase, id) => {
      const open = [run('prod', phase, [id])];
      const labels = [...runsByPhase(open), ...holdsOpen(open)].flatMap((each) => Object.values(each.labels));
      for (const label of labels) expect(label).toMatch(/^[\w.-]{1,80}$/);
    }),
    runs(300),
  );
});

test('every metric is called as the conventions of Prometheus have it', () => {
  for (const { name, kind, help } of Object.values(OWN_METRICS)) {
    expect(name).toMatch(/^golive_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(help).not.toMatch(/\.$/);
  }
});

import { expect, test } from '@jest/globals';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import { whatGoesOn } from '../../../src/domain/run/what-goes-on.js';
import { bareStatus } from '../../support/bare-status.js';

const NOW = Date.parse('2026-05-02T02:10:30Z');
const status: GoLiveStatus = {
  ...bareStatus,
  planHash: '',
  since: '2026-05-02T02:00:00Z',
  stages: [
    { name: 'canary', state: 'soaking', detail: 'service: 3m of 5m observed' },
    { name: 'rolling-25', state: 'pending' },
  ],
};
const told = (more: Partial<GoLiveStatus>) => whatGoesOn({ ...status, ...more }, NOW);

test('a soak, with what it lacks', () =>
  expect(told({})).toBe('canary is soaking for 10m (service: 3m of 5m observed).'));

test('a command in flight, a pause and a question', () =>
  expect(
    told({
      phase: 'deploying',
      stages: [{ name: 'canary', state: 'deploying' }],
      commands: [
        { step: 'deploy-canary', generation: 1, state: 'running', lastLine: '' },
        { step: 'smoke', generation: 1, state: 'exit 0', lastLine: '' },
      ],
      paused: { by: 'Bea', reason: 'lunch', at: '2026-05-02T02:00:00Z' },
      holds: [
        {
          id: 'blind',
          reason: 'Nobody sees p95.',
          choices: ['go-on'],
          openedAt: '2026-05-02T02:05:00Z',
          pages: 1,
          paged: [],
        },
      ],
    }),
  ).toBe(
    'canary is deploying for 10m. deploy-canary runs. Paused by Bea: lunch. Waits for an answer to blind for 5m: Nobody sees p95.',
  ));

test('a rollback', () =>
  expect(told({ phase: 'rolling-back', stages: [{ name: 'canary', state: 'stopped' }] })).toBe(
    'rolling back to RC.2 for 10m.',
  ));

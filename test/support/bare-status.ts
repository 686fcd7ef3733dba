import type { GoLiveStatus } from '../../src/domain/run/status.js';

/** A go-live in its first soak of which nothing else is known: what a test is about it says itself. */
export const bareStatus: GoLiveStatus = {
  workflowId: 'go-live-prod',
  environment: 'prod',
  release: 'RC.3',
  previousRelease: 'RC.2',
  decisionOwner: 'Ana',
  planHash: `sha256:${'ab'.repeat(32)}`,
  phase: 'soaking',
  since: '2026-01-01T00:00:00Z',
  beganAt: '2026-01-01T00:00:00Z',
  preflight: [],
  stages: [],
  verification: [],
  proof: [],
  watching: [],
  blind: [],
  ineffective: [],
  alerts: [],
  holds: [],
  commands: [],
  messages: [],
  channels: [],
  undelivered: [],
};

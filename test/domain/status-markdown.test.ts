import { expect, test } from '@jest/globals';
import { statusMarkdown } from '../../src/domain/status-markdown.js';
import type { GoLiveStatus } from '../../src/domain/status.js';

const status: GoLiveStatus = {
  workflowId: 'go-live-prod', environment: 'prod', release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana', planHash: 'sha256:0', phase: 'soaking', beganAt: '2026-01-01T00:00:00Z', since: '2026-01-01T00:00:00Z',
  preflight: [], stages: [{ name: 'canary', state: 'soaking', detail: '4m of 5m observed' }], verification: [], proof: [],
  watching: [{ check: 'health', target: 'canary', standing: 'failing', failures: 2, last: '503 in 4 ms', triggers: [] }], blind: [], alerts: [], ineffective: [], commands: [], messages: [],
  holds: [{ id: 'soak-canary', reason: 'at its maximum', choices: ['extend', 'roll-back'], openedAt: '2026-01-01T00:00:00Z', pages: 1 }],
};

test('shows what an on-call needs, with the command that answers a hold', () => {
  const markdown = statusMarkdown(status);
  expect(markdown).toContain('**soaking**');
  expect(markdown).toContain('golive decide prod --hold soak-canary --choice extend|roll-back');
  expect(markdown).toContain('**2 in a row**');
});

test('what came from outside does not become markup', () => {
  const markdown = statusMarkdown({ ...status, stop: { kind: 'abort', reason: '</div><script>x</script> [a](http://b)', by: '*me*', at: '' } });
  expect(markdown).not.toContain('<script>');
  expect(markdown).toContain('\\[a\\]\\(http');
});

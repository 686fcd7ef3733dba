import { expect, test } from '@jest/globals';
import { statusMarkdown } from '../../../src/domain/run/status-markdown.js';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import { bareStatus } from '../../support/bare-status.js';

const status: GoLiveStatus = {
  ...bareStatus,
  planHash: 'sha256:0',
  stages: [{ name: 'canary', state: 'soaking', detail: '4m of 5m observed' }],
  watching: [
    { check: 'health', target: 'canary', standing: 'failing', failures: 2, last: '503 in 4 ms', triggers: [] },
  ],
  channels: [
    {
      name: 'ops',
      kind: 'slack',
      gets: ['messages'],
      state: 'down',
      since: '2026-01-01T00:00:00Z',
      why: 'it answered 404 no_service',
      undelivered: 1,
      maybeSent: 0,
    },
  ],
  holds: [
    {
      id: 'soak-canary',
      reason: 'at its maximum',
      choices: ['extend', 'roll-back'],
      openedAt: '2026-01-01T00:00:00Z',
      pages: 1,
      paged: [{ channel: 'on-call', times: 1 }],
      nextPage: '2026-01-01T00:10:00Z',
    },
  ],
};

test('shows what an on-call needs, with the command that answers a hold', () => {
  const markdown = statusMarkdown(status);
  expect(markdown).toContain('**soaking**');
  expect(markdown).toContain(
    '- `golive decide prod --hold soak-canary --choice extend`\n- `golive decide prod --hold soak-canary --choice roll-back`\n',
  );
  expect(markdown).toContain('**2 in a row**');
  expect(markdown).toContain('paged 1× \\(on\\-call 1×\\), again at 2026\\-01\\-01 00:10:00Z');
  expect(markdown).toContain(
    '- ops: **down** since 2026\\-01\\-01 00:00:00Z: it answered 404 no\\_service; 1 not delivered',
  );
});

test('shows the exit criteria of hypercare, and the last review with what came from outside', () => {
  const markdown = statusMarkdown({
    ...status,
    hypercare: {
      criteria: [
        { name: 'p95', met: false, detail: '400 ms, not < 350 ms' },
        { name: 'live version', met: 'unknown', detail: 'no *answer*' },
      ],
      nextReview: '2026-01-02T02:00:00Z',
      reviews: [{ at: '2026-01-02T00:00:00Z', text: 'health <b>200</b>' }],
    },
  });
  expect(markdown).toContain('- **not met** p95: 400 ms, not \\< 350 ms');
  expect(markdown).toContain('- **unknown** live version: no \\*answer\\*');
  expect(markdown).toContain('- next at 2026-01-02 02:00:00Z');
  expect(markdown).not.toContain('<b>');
});

test('shows the last things that happened, without what passed and what people were told', () => {
  const at = '2026-01-01T02:03:04.567Z';
  const what = [
    'pass branch: main',
    'trigger latency: p95 at service: 900 ms',
    'message: told',
    `Ana decided soak: ${'x'.repeat(400)}`,
  ];
  const markdown = statusMarkdown(
    status,
    what.map((each) => ({ at, what: each })),
  );
  expect(markdown).toContain(
    `### Lately\n\n- 2026-01-01 02:03:04Z trigger latency: p95 at service: 900 ms\n- 2026-01-01 02:03:04Z Ana decided soak: ${'x'.repeat(131)}…\n`,
  );
});

test('what came from outside does not become markup', () => {
  const markdown = statusMarkdown({
    ...status,
    stop: { kind: 'abort', reason: '</div><script>x</script> [a](http://b)', by: '*me*', at: '' },
  });
  expect(markdown).not.toContain('<script>');
  expect(markdown).toContain('\\[a\\]\\(http');
});

import { expect, test } from '@jest/globals';
import { sparkline } from '../../../src/cli/watch/sparkline.js';
import { HISTORY_MS, historyKey, withValues } from '../../../src/cli/watch/value-history.js';
import type { CheckStatus } from '../../../src/domain/watching/check-status.js';

const NOW = 10 * HISTORY_MS;
const MINUTE = 60_000;
const sample = (minutesAgo: number, value: number) => ({ at: NOW - minutesAgo * MINUTE, value });

test.each([
  ['nothing', [], '          '],
  ['one value', [sample(0, 5)], '         ▁'],
  ['a climb, the newest to the right', [sample(3, 0), sample(2, 50), sample(1, 75), sample(0, 100)], '      ▁▅▆█'],
  ['a gap', [sample(4, 100), sample(1, 0)], '     █  ▁ '],
  ['the highest of a stretch', [sample(1.2, 0), sample(0.5, 100), sample(0.1, 0)], '        ▁█'],
  ['what is older than all of it', [sample(11, 100), sample(1, 7)], '        ▁ '],
])('%s', (_, samples, line) => {
  expect(sparkline(samples, NOW, 10)).toBe(line);
});

const check = (more: Partial<CheckStatus>): CheckStatus => ({
  check: 'p95',
  target: 'service',
  standing: 'clean',
  failures: 0,
  triggers: [],
  guardrail: '< 350 ms',
  ...more,
});

test.each([
  ['a metric', check({ value: 212 }), 212],
  ['one that is blind, whose last value is old', check({ value: 212, standing: 'blind' }), undefined],
  ['a probe that is well', { ...check({}), guardrail: undefined }, 0],
  ['a probe that fails', { ...check({ standing: 'failing' }), guardrail: undefined }, 1],
])('%s leaves a value', (_, each, value) => {
  const samples = withValues(new Map(), [each], NOW).get(historyKey(each));
  expect(samples).toEqual(value === undefined ? [] : [{ at: NOW, value }]);
});

test('what is older than the last minutes is forgotten', () => {
  const before = new Map([[historyKey(check({})), [sample(11, 1), sample(9, 2)]]]);
  expect(withValues(before, [check({ value: 3 })], NOW).get(historyKey(check({})))).toEqual([
    sample(9, 2),
    sample(0, 3),
  ]);
});

import { expect, test } from '@jest/globals';
import { closingText, reviewText, type ReviewFacts } from '../../../src/domain/hypercare/hypercare-review.js';
import { tallied, type Tally } from '../../../src/domain/hypercare/hypercare-tally.js';
import { planFor } from '../../../src/domain/plan/plan.js';
import type { ReportedCheck } from '../../../src/domain/watching/reported-check.js';
import type { SegmentStats } from '../../../src/domain/watching/segment.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';

const HOUR = 3_600_000;
const plan = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
const seen = (check: string, last: string, more: Partial<ReportedCheck> = {}): ReportedCheck => ({
  check,
  target: 'service',
  standing: 'clean',
  blind: false,
  seenTo: 0,
  running: [],
  last,
  ...more,
});
const state = (check: string, course: SegmentStats) => ({
  check,
  target: 'service',
  standing: 'clean' as const,
  failures: 0,
  breaches: [],
  course,
});
const segments = [
  { states: [state('p95', { worst: 240, flaps: 0 }), state('checkout', { worst: 1, flaps: 0 })] },
  {
    states: [state('p95', { worst: 360, flaps: 2 }), state('checkout', { worst: 0.996, flaps: 0 })],
    gaps: [{ check: 'p95', target: 'service', fromAgeMs: 300_000, toAgeMs: 180_000 }],
  },
  {
    states: [state('p95', { worst: 120, flaps: 1 }), state('checkout', { flaps: 0 })],
    gaps: [{ check: 'p95', target: 'service', fromAgeMs: 60_000, toAgeMs: 0 }],
  },
];
const tally = segments.reduce<Tally>((all, segment) => tallied(all, segment, plan.checks), []);
const facts: ReviewFacts = {
  plan,
  elapsed: 26 * HOUR,
  seen: [seen('health', '200 in 4 ms'), seen('p95', '180 ms'), seen('checkout', '99.9 %')],
  tally,
  fired: [],
  advised: [],
  alerts: [],
  holds: [],
  criteria: [{ name: 'p95', met: true, detail: '' }],
};

test('a tally keeps the worst to the wrong side of each guardrail, and adds up flaps and blind time', () => {
  expect(tally).toEqual([
    { check: 'p95', target: 'service', worst: 360, flaps: 3, blindMs: 180_000 },
    { check: 'checkout', target: 'service', worst: 0.996, flaps: 0, blindMs: 0 },
  ]);
});

test('a review is one line with each check against its guardrail and the worst since the last', () => {
  expect(reviewText(facts)).toBe(
    'T+26h of 72h; health 200 in 4 ms; p95 180 ms (worst 360 ms, guardrail < 350 ms); checkout 99.9 % (worst 99.6 %, guardrail ≥ 99.5 %); blind: p95 3m; not clean: p95 3×; no trigger fired; no alert; nothing asked; all 1 exit criteria met',
  );
});

test('it says what is wrong, what fires, what is asked and what is missing', () => {
  const text = reviewText({
    ...facts,
    tally: [],
    seen: [
      seen('p95', 'ECONNREFUSED', { blind: true, standing: 'blind' }),
      seen('error-rate', '2 %', { standing: 'failing' }),
    ],
    fired: [{ trigger: 'transfers-fail' }],
    alerts: [{ trigger: 'p1-alert', running: 'fires for 2m (ana)' }],
    holds: [{ id: 'blind' }],
    criteria: [
      { name: 'p95', met: 'unknown', detail: 'no readings' },
      { name: 'error-rate', met: false, detail: 'inside for 5h of 24h', earliest: Date.parse('2026-05-03T10:00:00Z') },
    ],
  });
  expect(text).toBe(
    'T+26h of 72h; p95 BLIND, ECONNREFUSED; error-rate NOT CLEAN, 2 %; never blind; no flap; fired: transfers-fail; alerts: p1-alert fires for 2m (ana); asked: blind; 0 of 2 exit criteria met; missing: p95 (unknown): no readings; error-rate: inside for 5h of 24h, at the earliest at 2026-05-03 10:00:00Z',
  );
});

test('the final summary has the worst of all of it', () => {
  expect(closingText({ ...facts, elapsed: 72 * HOUR })).toBe(
    '72h; the worst: p95 360 ms (< 350 ms), checkout 99.6 % (≥ 99.5 %); blind: p95 3m; not clean: p95 3×; no trigger fired; all 1 exit criteria met',
  );
});

test('what advisory triggers would have done is counted, apart from what fired', () => {
  const advised = [{ trigger: 'p95-slow', times: 3 }];
  for (const text of [reviewText({ ...facts, advised }), closingText({ ...facts, advised })])
    expect(text).toContain('; no trigger fired; advisory, would have fired since the start: p95-slow 3×; ');
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firingText, takeAlert } from '../../../src/domain/alerts/external-alerts.js';
import { reviewText } from '../../../src/domain/hypercare/hypercare-review.js';
import type { Check, CheckTrigger } from '../../../src/domain/plan/playbook.js';
import { parseDuration } from '../../../src/domain/time/duration.js';
import { clockText } from '../../../src/domain/watching/breach-clock.js';
import { soakVerdict } from '../../../src/domain/watching/soak.js';
import { runs } from '../../support/property-runs.js';

const looks = { name: 'health', every: 15_000, timeout: 5_000 };
const check: Check = { ...looks, kind: 'probe', path: '/health' };
const lasting = (length: number): CheckTrigger => ({
  name: 'down',
  check: 'health',
  consecutive: 1,
  for: length,
  action: 'rollback',
});

/** Every sentence that says how far something is on its way to an end, `passed` of `length` milliseconds. */
const SENTENCES: Readonly<Record<string, (passed: number, length: number) => string>> = {
  'a breach clock': (passed, length) =>
    clockText(
      { trigger: 'down', check: 'health', target: 'service', since: 0, lastReading: passed },
      lasting(length),
      check,
      { last: '503' },
      passed,
    ),
  'an alert that has to last': (passed, length) =>
    firingText(
      takeAlert([], { trigger: 'p1', state: 'firing', since: 0, source: 'a' }),
      { name: 'p1', for: length },
      passed,
    ) ?? '',
  'a soak': (passed, length) => {
    const sight = { of: 'service', observed: [{ from: 0, to: passed }], freshFor: 1, against: [] };
    const verdict = soakVerdict({ min: length, max: 10 * length, settle: length }, 0, passed, [sight]);
    return verdict.kind === 'promote' ? '' : verdict.why;
  },
  'a health review': (passed, length) => {
    const plan = { checks: [check], triggers: [], hypercare: { for: length, windows: [], exit: {} } };
    const nothing = { seen: [], tally: [], fired: [], advised: [], alerts: [], holds: [], criteria: [] };
    return reviewText({ plan, elapsed: passed, ...nothing }).split(';')[0] ?? '';
  },
};

const DURATION = String.raw`(?:\d+(?:ms|s|m|h) ?)+`;
const inMs = (text: string) => parseDuration(text.replaceAll(' ', ''));

test.each(Object.entries(SENTENCES))('%s runs past no end without saying by how much', (_, told) => {
  fc.assert(
    fc.property(fc.nat({ max: 400_000_000 }), fc.integer({ min: 1, max: 300_000_000 }), (passed, length) => {
      const text = told(passed, length);
      const [, so, far] = new RegExp(`(${DURATION}) of (${DURATION})`).exec(text) ?? [];
      if (so !== undefined && far !== undefined) expect(inMs(so)).toBeLessThan(inMs(far));
      // Milliseconds are told only of an end that is written in them.
      if (length % 1_000 === 0) expect(text).not.toMatch(/\dms/);
      if (passed >= length + 1_000 && text !== '') expect(text).toMatch(/ over the /);
    }),
    runs(),
  );
});

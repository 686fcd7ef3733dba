import { expect, test } from '@jest/globals';
import { hypercareFor } from '../support/hypercare-for.js';
import { segmentLength } from '../../src/domain/segments.js';

const MINUTE = 60_000;
const plan = {
  stages: [{ soak: { min: 5 * MINUTE, max: 10 * MINUTE, settle: 2 * MINUTE } }] as never,
  hypercare: hypercareFor(72 * 60 * MINUTE),
};
const checks = [{ kind: 'probe' as const, name: 'health', path: '/health', every: 10_000, timeout: 5_000 }];

test('72 hours of hypercare are fewer than 150 segments', () => {
  let segments = 0;
  for (let elapsed = 0; elapsed < plan.hypercare.for; segments += 1)
    elapsed += segmentLength(plan, checks, 'hypercare', elapsed);
  expect(segments).toBeLessThan(150);
});

test('while something can be promoted the history hears every minute at least', () => {
  expect(segmentLength(plan, checks, 'soaking', 0)).toBe(MINUTE);
});

test('a hypercare that can not end is looked at as rarely as one that goes on', () => {
  let segments = 0;
  for (let elapsed = plan.hypercare.for; elapsed < 2 * plan.hypercare.for; segments += 1)
    elapsed += segmentLength(plan, checks, 'hypercare', elapsed);
  expect(segments).toBeLessThan(100);
});

test('a pause makes segments as long as a question does', () => {
  expect(segmentLength(plan, checks, 'soaking', 0, 11 * MINUTE)).toBe(10 * MINUTE);
  expect(segmentLength(plan, checks, 'soaking', 0, 3 * 60 * MINUTE)).toBe(15 * MINUTE);
  expect(segmentLength(plan, checks, 'soaking', 0, 72 * 60 * MINUTE)).toBe(60 * MINUTE);
});

test('no segment is shorter than one look', () => {
  expect(segmentLength(plan, checks, 'hypercare', plan.hypercare.for)).toBe(15_000);
});

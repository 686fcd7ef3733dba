import { expect, test } from '@jest/globals';
import { ownPaths } from '../../../src/domain/metrics/own-paths.js';
import { metricLook } from '../../support/metric-look.js';

test('what golive asks for itself, also as frameworks label it: without a query', () => {
  const { plan } = metricLook({
    metrics: { scrape: { path: '/metrics?format=prometheus' } },
    check: { measure: 'p95', guardrail: { below: '1s' } },
    probes: ['/ready?deep=1', '/health#top', '/plain'],
  });
  const paths = ownPaths({ ...plan, liveVersion: { ...plan.liveVersion, path: '/version?v=1' } });
  expect(paths).toEqual(expect.arrayContaining(['/ready', '/health', '/plain', '/version', '/metrics']));
  // Some label with all of it.
  expect(paths).toContain('/ready?deep=1');
  expect(new Set(paths).size).toBe(paths.length);
});

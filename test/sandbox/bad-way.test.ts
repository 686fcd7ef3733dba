import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BAD_WAY_NAMES, parseBadWay } from '../../sandbox/bad-way.js';
import { Faults } from '../../sandbox/service/faults.js';
import { runs } from '../support/property-runs.js';

describe('a bad way written as text', () => {
  test.each(BAD_WAY_NAMES)('%s alone has every parameter by default', (name) => {
    expect(parseBadWay(name)).toMatchObject({ way: name });
  });

  test('takes its value after the equals sign and flags after commas', () => {
    expect(parseBadWay('error-rate=0.35')).toEqual({ way: 'error-rate', share: 0.35 });
    expect(parseBadWay('deploy-hangs=25,ignoresTerm')).toEqual({ way: 'deploy-hangs', batch: 25, ignoresTerm: true });
    expect(parseBadWay('contract-drift=retyped')).toEqual({ way: 'contract-drift', change: 'retyped' });
  });

  test.each(['explodes', 'never-ready=1', 'error-rate=2', 'slow,loud', 'failing-smoke=test_of_nothing'])(
    '%s is refused with a sentence',
    (text) => {
      expect(() => parseBadWay(text)).toThrow(/no bad way|takes no value|isn't a bad way/);
    },
  );
});

test('an error rate is exact: of n requests the share fails, none too many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 400 }), (twentieths, requests) => {
      const faults = new Faults([{ way: 'error-rate', share: twentieths / 20 }]);
      const failed = Array.from({ length: requests }, () => faults.failsNow()).filter(Boolean).length;
      expect(failed).toBe(Math.floor((requests * twentieths) / 20));
    }),
    runs(),
  );
});

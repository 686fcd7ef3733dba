import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDeployArguments } from '../../sandbox/programs/deploy-arguments.js';
import { runs } from '../support/property-runs.js';

describe("deploy.sh's arguments", () => {
  test('mean the same in any order', () => {
    const pairs = [
      ['--env', 'prod'],
      ['--strategy', 'rolling'],
      ['--batch', '25'],
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(pairs, { minLength: 3 }), (shuffled) => {
        expect(parseDeployArguments(shuffled.flat())).toEqual({ kind: 'deploy', batch: 25 });
      }),
      runs(),
    );
    expect(parseDeployArguments(['--to', 'RC.2', '--rollback', '--env', 'prod'])).toEqual({
      kind: 'rollback',
      to: 'RC.2',
    });
  });

  test.each([
    ['--strategy', 'canary', '--batch', '10'],
    ['--env', 'staging', '--strategy', 'canary', '--batch', '10'],
    ['--env', 'prod', '--strategy', 'blue', '--batch', '10'],
    ['--env', 'prod', '--strategy', 'canary', '--batch', '0'],
    ['--env', 'prod', '--strategy', 'canary', '--batch', '10', '--force'],
    ['--env', 'prod', '--rollback'],
  ])('%s %s %s … are refused with the usage', (...argv) => {
    expect(() => parseDeployArguments(argv)).toThrow(/usage: \.\/deploy\.sh/);
  });
});

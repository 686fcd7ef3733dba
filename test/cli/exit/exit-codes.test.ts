import { describe, expect, test } from '@jest/globals';
import { EXIT, exitCodeOf, exitCodeTable } from '../../../src/cli/exit/exit-codes.js';
import type { Outcome } from '../../../src/domain/run/status.js';

describe('exit codes', () => {
  test('each means one thing, and every one is explained', () => {
    const codes = Object.values(EXIT);
    expect(new Set(codes).size).toBe(codes.length);
    const explained = [...exitCodeTable().matchAll(/^ +(\d+) {2}\S/gm)].map((match) => Number(match[1]));
    expect(explained).toEqual(codes);
  });

  test('only what was asked for is a success', () => {
    const outcomes: Outcome[] = ['completed', 'rehearsed', 'rejected', 'aborted', 'rolled-back', 'rollback-failed'];
    expect(outcomes.map(exitCodeOf)).toEqual([0, 0, 10, 11, 12, 13]);
  });
});

import { test } from '@jest/globals';
import { IN_CAMPAIGN } from './pairs.js';

/** Whether the thorough tests run too: in the full form (`GOLIVE_TESTS=full npm test`) and in the campaign. */
export const IN_FULL = IN_CAMPAIGN || process.env['GOLIVE_TESTS'] === 'full';

/** A test that is too long to wait for before each commit: CI runs it. What it shows as a whole run, a quicker test shows in part. */
export const thorough: Pick<typeof test, 'each'> & ((...args: Parameters<typeof test>) => void) = IN_FULL
  ? test
  : test.skip;

/** So many of these cases, from the first on; in the full form and the campaign all of them. */
export const quickly = <Case>(count: number, cases: readonly Case[]): readonly Case[] =>
  IN_FULL ? cases : cases.slice(0, count);

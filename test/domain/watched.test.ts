import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firesAt } from '../support/careful-person.js';
import { ruleName, watchChain, type Chain } from '../support/watching-chain.js';
import { stories, type Story } from '../support/watching-story.js';

const START = 1_000_000;
const LENGTH = 15 * 60_000;
const RUNS = Number(process.env['GOLIVE_RUNS'] ?? 300);

const watch = ({ checks, triggers, states, readings, fates }: Story): Chain => watchChain({ checks, triggers }, states, readings, fates, START, START + LENGTH);

/** Every firing of every trigger at every target, in the words `trigger: check at target, after so many milliseconds`. */
const fired = ({ firings }: Chain): string[] => firings.map(({ name, at }) => `${name}, after ${at - START}`).sort();

function expected({ checks, triggers, states }: Story, { looks, endedAt, away }: Chain): string[] {
  const decidesAt = (moment: number) => away.find(({ from, to }) => from < moment && moment < to)?.to ?? moment;
  return states
    .flatMap(({ check, target }) =>
      triggers.filter((trigger) => trigger.check === check).flatMap((trigger) => {
        const seen = looks.filter((look) => look.check === check && look.target === target);
        const over = checks.find(({ name }) => name === check);
        return over ? firesAt(trigger, over, seen, endedAt, decidesAt).map((at) => `${ruleName({ trigger: trigger.name, check, target })}, after ${at - START}`) : [];
      }),
    )
    .sort();
}

const agrees = (story: Story) => {
  const chain = watch(story);
  expect(fired(chain)).toEqual(expected(story, chain));
};

describe('triggers fire when a careful person says so, to the millisecond, and never else', () => {
  test('whatever the lengths of the segments', () => {
    fc.assert(fc.property(stories('calm'), agrees), { numRuns: RUNS });
  });

  test('also when reports are asked for early', () => {
    fc.assert(fc.property(stories('calm', 'hurried'), agrees), { numRuns: RUNS });
  });

  test('also when workers die', () => {
    fc.assert(fc.property(stories('calm', 'deadly', 'hurried'), agrees), { numRuns: RUNS });
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Check } from '../../src/domain/playbook.js';
import { firesAt, says, tells } from '../support/careful-person.js';
import { goodReading } from '../support/simulated-watch.js';
import { ruleName, watchChain, type Chain, type Look } from '../support/watching-chain.js';
import { stories, type Story } from '../support/watching-story.js';

const START = 1_000_000;
const LENGTH = 20 * 60_000;
const RUNS = { numRuns: Number(process.env['GOLIVE_RUNS'] ?? 60), endOnFailure: true };

/** Stories whose segments each have a pace: windows that come and go, quicker and slower. */
const paced = (...happens: Parameters<typeof stories>) =>
  fc
    .tuple(
      stories(...happens),
      fc.array(fc.constantFrom(0, 1, 10_000, 20_000, 30_000, 60_000, 300_000), { minLength: 1, maxLength: 9 }),
    )
    .map(([story, paces]): Story => ({
      ...story,
      fates: Array.from({ length: story.fates.length * paces.length }, (_, index) => ({
        ...story.fates[index % story.fates.length]!,
        pace: paces[index % paces.length]!,
      })),
    }));

const watch = ({ checks, triggers, states, readings, fates }: Story): Chain =>
  watchChain({ checks, triggers }, states, readings, fates, START, START + LENGTH);

function* told(
  { checks, states }: Story,
  { looks }: Chain,
): Generator<{ check: Check; target: string; looks: Look[] }> {
  for (const { check: name, target } of states) {
    const check = checks.find((each) => each.name === name)!;
    yield { check, target, looks: looks.filter((look) => look.check === name && look.target === target) };
  }
}

/** Whether nothing was wrong with a check after the last of these looks, as somebody would say who has written them all down. */
function isCalm({ triggers }: Story, check: Check, looks: readonly Look[]): boolean {
  const last = looks.at(-1)!.reading;
  const fine =
    last.kind === 'good' || (last.kind === 'value' && last.value < 350) || (last.kind === 'idle' && tells(check, last));
  const holds = triggers
    .filter((trigger) => trigger.check === check.name)
    .some(
      (trigger) =>
        looks
          .map(({ reading }) => says(trigger, reading))
          .filter((said) => said !== 'nothing')
          .at(-1) === 'breach',
    );
  return fine && !holds;
}

/** How long a check may be silent after the last of these looks that told something: two of the intervals at which it was looked at then. */
function mayBeSilent(story: Story, check: Check, looks: readonly Look[]): number {
  const lastTold = looks.findLastIndex(({ reading }) => tells(check, reading));
  const pace = lastTold >= 0 && isCalm(story, check, looks.slice(0, lastTold + 1)) ? looks[lastTold]!.pace : 0;
  return 2 * Math.max(check.every, pace) + check.timeout;
}

describe('what is calm is looked at no oftener than its pace, and anything else at its own interval at once', () => {
  test('whatever the paces of the segments', () => {
    fc.assert(
      fc.property(paced('calm', 'hurried'), (story) => {
        const chain = watch(story);
        const paceOf = (index: number) => story.fates[index % story.fates.length]!.pace ?? 0;
        for (const { check, looks } of told(story, chain)) {
          for (const [index, { at, pace }] of looks.slice(0, -1).entries()) {
            const next = looks[index + 1]!.at - at;
            if (!isCalm(story, check, looks.slice(0, index + 1))) {
              expect(next).toBe(check.every);
              continue;
            }
            const paces = chain.reports.flatMap(({ from, to }, segment) =>
              to >= at && from <= at + next ? [paceOf(segment)] : [],
            );
            expect(next).toBeLessThanOrEqual(Math.max(check.every, pace));
            expect(next).toBeGreaterThanOrEqual(Math.max(check.every, Math.min(...paces)));
          }
        }
      }),
      RUNS,
    );
  });
});

test.each([[['calm', 'hurried']], [['calm', 'deadly', 'hurried']]] as const)(
  'with paces triggers still fire when a careful person says so: %j',
  (happens) => {
    fc.assert(
      fc.property(paced(...happens), (story) => {
        const chain = watch(story);
        const decidesAt = (moment: number) =>
          chain.away.find(({ from, to }) => from < moment && moment < to)?.to ?? moment;
        const fired = chain.firings.map(({ name, at }) => `${name}, after ${at - START}`).sort();
        const expected = [...told(story, chain)].flatMap(({ check, target, looks }) =>
          story.triggers
            .filter((trigger) => trigger.check === check.name)
            .flatMap((trigger) =>
              firesAt(trigger, check, looks, chain.endedAt, decidesAt).map(
                (at) => `${ruleName({ trigger: trigger.name, check: check.name, target })}, after ${at - START}`,
              ),
            ),
        );
        expect(fired).toEqual(expected.sort());
      }),
      RUNS,
    );
  },
);

describe('with paces blindness', () => {
  test('is silence of two of the intervals at which a check was last looked at, and the time of a look', () => {
    fc.assert(
      fc.property(paced('calm', 'hurried', 'deadly'), (story) => {
        const chain = watch(story);
        for (const { check, target, looks } of told(story, chain)) {
          for (const { to, blind } of chain.reports) {
            const known = looks.filter(({ at }) => at <= to);
            const last = known.filter(({ reading }) => tells(check, reading)).at(-1)?.at ?? START;
            const since = blind.find((each) => each.check === check.name && each.target === target)?.since;
            expect(since).toBe(to - last >= mayBeSilent(story, check, known) ? last : undefined);
          }
        }
      }),
      RUNS,
    );
  });

  test('never comes of windows alone', () => {
    fc.assert(
      fc.property(paced('calm', 'hurried'), (story) => {
        const chain = watch({ ...story, readings: goodReading });
        expect(chain.gaps).toEqual([]);
        expect(chain.firings).toEqual([]);
        expect(chain.reports.flatMap(({ blind }) => blind)).toEqual([]);
      }),
      RUNS,
    );
  });
});

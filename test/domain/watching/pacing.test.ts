import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Check, CheckTrigger } from '../../../src/domain/plan/playbook.js';
import { firesAt, says, tells } from '../../support/careful-person.js';
import { runs } from '../../support/property-runs.js';
import { goodReading } from '../../support/simulated-watch.js';
import { ruleName, watchChain, type Chain, type Look } from '../../support/watching-chain.js';
import { stories, type Story } from '../../support/watching-story.js';

const START = 1_000_000;
const LENGTH = 10 * 60_000;
const RUNS = { ...runs(10), endOnFailure: true };

/** Stories whose segments each have a pace: windows that come and go, quicker and slower. */
const paced = (...happens: Parameters<typeof stories>) =>
  fc
    .tuple(
      stories(...happens),
      fc.array(fc.constantFrom(0, 1, 10_000, 20_000, 30_000, 60_000, 120_000), { minLength: 1, maxLength: 9 }),
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

/** For each of these looks whether nothing was wrong with the check after it, as somebody would say who has written them all down. */
function calmAfter({ triggers }: Story, check: Check, looks: readonly Look[]): boolean[] {
  const own = triggers.filter((trigger) => trigger.check === check.name);
  const breached = new Set<CheckTrigger>();
  return looks.map(({ reading }) => {
    for (const trigger of own) {
      const said = says(trigger, reading);
      if (said === 'breach') breached.add(trigger);
      if (said === 'clean') breached.delete(trigger);
    }
    const fine =
      reading.kind === 'good' ||
      (reading.kind === 'value' && reading.value < 350) ||
      (reading.kind === 'idle' && tells(check, reading));
    return fine && breached.size === 0;
  });
}

describe('what is calm is looked at no oftener than its pace, and anything else at its own interval at once', () => {
  test('whatever the paces of the segments', () => {
    fc.assert(
      fc.property(paced('calm', 'hurried'), (story) => {
        const chain = watch(story);
        const paceOf = (index: number) => story.fates[index % story.fates.length]!.pace ?? 0;
        const wrong: object[] = [];
        for (const { check, looks } of told(story, chain)) {
          const calm = calmAfter(story, check, looks);
          for (const [index, { at, pace }] of looks.slice(0, -1).entries()) {
            const next = looks[index + 1]!.at - at;
            const quickest = () =>
              Math.min(
                ...chain.reports.flatMap(({ from, to }, segment) =>
                  to >= at && from <= at + next ? [paceOf(segment)] : [],
                ),
              );
            const [least, most] = calm[index]
              ? [Math.max(check.every, quickest()), Math.max(check.every, pace)]
              : [check.every, check.every];
            if (next < least || next > most) wrong.push({ check: check.name, at: at - START, next, least, most });
          }
        }
        expect(wrong).toEqual([]);
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
          const calm = calmAfter(story, check, looks);
          const expected = chain.reports.map(({ to }) => {
            const lastTold = looks.findLastIndex(({ at, reading }) => at <= to && tells(check, reading));
            const last = looks[lastTold];
            // Two of the intervals at which it was looked at then, and the time of a look.
            const silence = 2 * Math.max(check.every, last && calm[lastTold] ? last.pace : 0) + check.timeout;
            const since = last?.at ?? START;
            return to - since >= silence ? since : undefined;
          });
          const blindSince = chain.reports.map(
            ({ blind }) => blind.find((each) => each.check === check.name && each.target === target)?.since,
          );
          expect(blindSince).toEqual(expected);
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

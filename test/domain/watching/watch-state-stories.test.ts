import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Check, CheckTrigger } from '../../../src/domain/plan/playbook.js';
import {
  blindTimes,
  firesAt,
  firesWhenRead,
  mayBeSilent,
  seenSince,
  tells,
  type Noted,
} from '../../support/careful-person.js';
import { runs } from '../../support/property-runs.js';
import { ruleName, watchChain, type Chain } from '../../support/watching-chain.js';
import { stories, type Story } from '../../support/watching-story.js';

const START = 1_000_000;
const LENGTH = 10 * 60_000;
/** Each test has more than a thousand looks in so many stories. Not shrunk: every attempt would be a story of its own. */
const RUNS = { ...runs(10), endOnFailure: true };

/** One report doesn't tell of more times in which a check was blind. */
const MOST_TOLD = 20;

const watch = ({ checks, triggers, states, readings, fates }: Story): Chain =>
  watchChain({ checks, triggers }, states, readings, fates, START, START + LENGTH);

/** Every firing of every trigger at every target, in the words `trigger: check at target, after so many milliseconds`. */
const fired = ({ firings }: Chain): string[] => firings.map(({ name, at }) => `${name}, after ${at - START}`).sort();

/** Every check at every target with what somebody was told of it. */
function* told(
  { checks, states }: Story,
  { looks }: Chain,
): Generator<{ check: Check; target: string; looks: Noted[] }> {
  for (const { check: name, target } of states) {
    const check = checks.find((each) => each.name === name);
    if (check) yield { check, target, looks: looks.filter((look) => look.check === name && look.target === target) };
  }
}

function expected(
  story: Story,
  chain: Chain,
  fires: (trigger: CheckTrigger, check: Check, looks: Noted[]) => number[],
): string[] {
  return [...told(story, chain)]
    .flatMap(({ check, target, looks }) =>
      story.triggers
        .filter((trigger) => trigger.check === check.name)
        .flatMap((trigger) =>
          fires(trigger, check, looks).map(
            (at) => `${ruleName({ trigger: trigger.name, check: check.name, target })}, after ${at - START}`,
          ),
        ),
    )
    .sort();
}

const agrees = (story: Story) => {
  const chain = watch(story);
  const decidesAt = (moment: number) => chain.away.find(({ from, to }) => from < moment && moment < to)?.to ?? moment;
  expect(fired(chain)).toEqual(
    expected(story, chain, (trigger, check, looks) => firesAt(trigger, check, looks, chain.endedAt, decidesAt)),
  );
};

describe('triggers fire when a careful person says so, to the millisecond, and never else', () => {
  test('whatever the lengths of the segments', () => {
    fc.assert(fc.property(stories('calm'), agrees), RUNS);
  });

  test('also when reports are asked for early', () => {
    fc.assert(fc.property(stories('calm', 'hurried'), agrees), RUNS);
  });

  test('also when workers die', () => {
    fc.assert(fc.property(stories('calm', 'deadly', 'hurried'), agrees), RUNS);
  });
});

test('reports that are read late are weighed when they are read', () => {
  fc.assert(
    fc.property(stories('calm', 'hurried', 'late'), (story) => {
      const chain = watch(story);
      expect(fired(chain)).toEqual(
        expected(story, chain, (trigger, check, looks) => firesWhenRead(trigger, check, looks, chain.reports)),
      );
    }),
    RUNS,
  );
});

describe('what was not seen', () => {
  const places = (blind: readonly { check: string; target: string; from: number; to: number }[]) =>
    blind.map(({ check, target, from, to }) => `${check} at ${target}: ${from - START} to ${to - START}`).sort();

  test('is told with its check, from when and to when, once it is over', () => {
    fc.assert(
      fc.property(stories('calm', 'hurried', 'deadly'), (story) => {
        const chain = watch(story);
        fc.pre(chain.reports.every(({ segment }) => (segment.gaps ?? []).length < MOST_TOLD));
        const blind = [...told(story, chain)].flatMap(({ check, target, looks }) =>
          blindTimes(check, START, looks).map((each) => ({ check: check.name, target, ...each })),
        );
        expect(places(chain.gaps)).toEqual(places(blind));
      }),
      RUNS,
    );
  });

  test('is known when a report comes: exactly the checks that have been silent for two intervals and the time of a look', () => {
    fc.assert(
      fc.property(stories('calm', 'hurried', 'deadly'), (story) => {
        const chain = watch(story);
        for (const { check, target, looks } of told(story, chain)) {
          const last = (to: number) =>
            looks.filter(({ at, reading }) => at <= to && tells(check, reading)).at(-1)?.at ?? START;
          const blindSince = chain.reports.map(
            ({ blind }) => blind.find((each) => each.check === check.name && each.target === target)?.since,
          );
          expect(blindSince).toEqual(
            chain.reports.map(({ to }) => (to - last(to) >= mayBeSilent(check) ? last(to) : undefined)),
          );
        }
      }),
      RUNS,
    );
  });

  test('is not observed time', () => {
    fc.assert(
      fc.property(stories('calm', 'hurried'), (story) => {
        const chain = watch(story);
        const all = [...told(story, chain)];
        expect(chain.reports.map(({ segment }) => segment.observedMs)).toEqual(
          chain.reports.map(({ from, to }) =>
            Math.max(0, to - Math.max(from, ...all.map(({ check, looks }) => seenSince(check, looks, to) ?? Infinity))),
          ),
        );
      }),
      RUNS,
    );
  });

  test('and a worker that dies claims nothing it has not seen, and forgets no reading that was not clean', () => {
    fc.assert(
      fc.property(stories('calm', 'hurried', 'deadly'), (story) => {
        const chain = watch(story);
        const all = [...told(story, chain)];
        for (const { from, to, segment } of chain.reports) {
          const since = all.map(({ check, looks }) => seenSince(check, looks, to) ?? Infinity);
          expect(segment.observedMs).toBeLessThanOrEqual(Math.max(0, to - Math.max(from, ...since)));
          const unclean = all.flatMap(({ looks }) =>
            looks
              .filter(
                ({ at, reading }) =>
                  at >= from &&
                  at <= to &&
                  (reading.kind === 'bad' || (reading.kind === 'value' && reading.value >= 350)),
              )
              .map(({ at }) => at),
          );
          // A look of the moment at which the segment before ended belongs to that one.
          if (unclean.some((at) => at > from)) expect(segment.lastUncleanAgeMs).toBe(to - Math.max(...unclean));
        }
      }),
      RUNS,
    );
  });
});

import fc from 'fast-check';
import type { Check, CheckTrigger } from '../../src/domain/plan/playbook.js';
import type { Reading } from '../../src/domain/watching/reading.js';
import type { TargetState } from '../../src/domain/watching/segment.js';
import { unseen } from '../../src/domain/watching/segment.js';
import type { Readings } from './simulated-watch.js';
import type { Fate } from './watching-chain.js';

/** A watch that somebody made up: what is looked at, by which rules, what is seen, and what happens to the watchers. */
export interface Story {
  readonly checks: Check[];
  readonly triggers: CheckTrigger[];
  readonly states: TargetState[];
  readonly readings: Readings;
  readonly fates: Fate[];
}

const SECOND = 1_000;
const TARGETS = ['service', 'canary'];

/** On, at and between the limits of the guardrail (350) and of the triggers (500, 600), each with what it is called in a counterexample. */
const numbers: Reading[] = [300, 400, 500, 501, 600, 601].map((value) => ({ kind: 'value', value }));
const seen: Reading[] = [
  { kind: 'good', text: 'good' },
  { kind: 'bad', text: 'bad' },
];
const silent: Reading[] = [
  { kind: 'idle', text: 'idle' },
  { kind: 'none', text: 'none' },
];
const inPart: Reading[] = [400, 601].map((value) => ({ kind: 'value', value, inPart: true }));

const every = fc.constantFrom(4, 5, 7.5, 10, 15).map((seconds) => seconds * SECOND);
const timeout = fc.constantFrom(1, 500, 5_000);
const lasts = fc.oneof(
  fc.constantFrom(1, 999, 1_000, 1_001, 10_000, 30_000, 59_999, 60_000, 60_001, 90_000),
  fc.integer({ min: 1, max: 200_000 }),
);
const counts = fc.integer({ min: 1, max: 4 });

const probe = fc
  .record({ every, timeout })
  .map((looks): Check => ({ kind: 'probe', name: 'health', path: '/health', ...looks }));
const rules = fc.record({ every, timeout }).map((looks): Check => ({ kind: 'contracts', name: 'contracts', ...looks }));
const metric = fc.record({ every, timeout, mayBeIdle: fc.boolean() }).map((looks): Check => ({
  kind: 'metric',
  name: 'p95',
  unit: 'ms',
  guardrail: { is: 'below', value: 350 },
  source: { measure: 'p95' },
  ...looks,
}));

const bad = fc
  .record({ probe: fc.record({ consecutive: counts, for: fc.constantFrom(0) }), sustained: lasts, drift: counts })
  .map((each): CheckTrigger[] => [
    { name: 'health-down', check: 'health', action: 'rollback', ...each.probe },
    { name: 'health-long-down', check: 'health', action: 'rollback', consecutive: 1, for: each.sustained },
    { name: 'drift', check: 'contracts', action: 'rollback', consecutive: each.drift, for: 0 },
  ]);
const over = fc.record({ long: lasts, longer: lasts, inARow: counts }).map((each): CheckTrigger[] => [
  {
    name: 'slow',
    check: 'p95',
    action: 'rollback',
    consecutive: 1,
    for: each.long,
    breach: { is: 'above', value: 500 },
  },
  {
    name: 'slower',
    check: 'p95',
    action: 'ask',
    consecutive: 1,
    for: each.longer,
    breach: { is: 'atLeast', value: 600 },
  },
  {
    name: 'slowest',
    check: 'p95',
    action: 'rollback',
    consecutive: each.inARow,
    for: 0,
    breach: { is: 'above', value: 600 },
  },
]);

/** What a check shows, each for so long, again and again. */
const course = (readings: Reading[]) =>
  fc.array(
    fc.record({
      reading: fc.constantFrom(...readings),
      forMs: fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 300_000 })),
    }),
    { minLength: 1, maxLength: 12 },
  );
const courses = fc.record({
  told: fc.tuple(course([...seen, ...silent]), course([...seen, ...silent]), course([...seen, ...silent])),
  measured: fc.tuple(course([...numbers, ...silent, ...inPart]), course([...numbers, ...silent, ...inPart])),
});

const lengthMs = fc.oneof(
  fc.constantFrom(1, 50, 1_000, 10_000, 60_000, 3_600_000),
  fc.integer({ min: 1, max: 900_000 }),
);
const moment = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 200_000 }));
const calm = fc.record({ lengthMs });
const hurried = fc.record({ lengthMs, hurriedAt: moment });
const deadly = fc.record({
  lengthMs,
  dies: fc.record({
    at: moment,
    beatBefore: fc.option(fc.integer({ min: 0, max: 5_000 })),
    awayMs: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 200_000 })),
  }),
});
const late = fc.record({
  lengthMs,
  readAfter: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 200_000 })),
});
const fate = { calm, hurried, deadly, late };

/** Stories in which these things happen to segments. */
export function stories(...happens: (keyof typeof fate)[]): fc.Arbitrary<Story> {
  const some = fc.array(fc.oneof(...happens.map((each): fc.Arbitrary<Fate> => fate[each])), { maxLength: 8 });
  // A longer one among them, or nothing but segments of a millisecond would be simulated.
  const fates = fc
    .tuple(some, fc.integer({ min: 10_000, max: 900_000 }))
    .map(([all, longest]) => [...all, { lengthMs: longest }]);
  return fc
    .record({ checks: fc.tuple(probe, metric, rules), bad, over, courses, fates })
    .map(({ checks, bad: ofBad, over: ofOver, courses: { told, measured }, fates: all }) => ({
      checks,
      triggers: [...ofBad, ...ofOver],
      states: [...unseen(checks.slice(0, 2), TARGETS), ...unseen(checks.slice(2), TARGETS.slice(0, 1))],
      fates: all,
      readings: (check, target, at) => {
        const service = target === 'service';
        const shown =
          check.kind === 'metric' ? measured[service ? 0 : 1] : told[check.kind === 'contracts' ? 2 : service ? 0 : 1];
        return shownAt(shown, at);
      },
    }));
}

function shownAt(shown: readonly { reading: Reading; forMs: number }[], at: number): Reading {
  let left = at % shown.reduce((sum, { forMs }) => sum + forMs, 0);
  for (const { reading, forMs } of shown) {
    if (left < forMs) return reading;
    left -= forMs;
  }
  throw new Error('A course has no end.');
}

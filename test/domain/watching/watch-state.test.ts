import { describe, expect, test } from '@jest/globals';
import type { Check, CheckTrigger, MetricCheck } from '../../../src/domain/plan/playbook.js';
import { notReported, WatchState } from '../../../src/domain/watching/watch-state.js';
import type { Breach, Segment, TargetState } from '../../../src/domain/watching/segment.js';

const MINUTE = 60_000;
/** When the watch began. */
const BEGAN = 1_000_000;
const p95: MetricCheck = {
  kind: 'metric',
  name: 'p95',
  every: 10_000,
  timeout: 5_000,
  source: { measure: 'p95' },
  unit: 'ms',
  guardrail: { is: 'below', value: 350 },
  mayBeIdle: false,
};
const latency: CheckTrigger = {
  name: 'latency',
  check: 'p95',
  consecutive: 1,
  for: 15 * MINUTE,
  breach: { is: 'above', value: 500 },
  action: 'rollback',
};
const plan = { checks: [p95], triggers: [latency] };
const unknown: TargetState = {
  check: 'p95',
  target: 'service',
  standing: 'not looked at',
  failures: 0,
  breaches: [],
};
const clean: TargetState = { ...unknown, standing: 'clean', last: '200 ms', value: 200, lastAgeMs: 0, toldAgeMs: 0 };
const breaching = (breach: Partial<Breach>): TargetState => ({
  ...clean,
  standing: 'failing',
  failures: 1,
  last: '612 ms',
  value: 612,
  breaches: [{ trigger: 'latency', count: 1, ...breach }],
});
const report = (state: TargetState, more: Partial<Segment> = {}): Segment => ({
  states: [state],
  lengthMs: 0,
  observedMs: 0,
  looks: 1,
  ...more,
});
/** What is known after a report that saw up to so long after the beginning, and is read at once. */
function watched(state: TargetState, seenTo: number, firstWithin = 0): WatchState {
  const known = new WatchState(notReported([unknown], BEGAN, firstWithin), plan);
  known.take(report(state), BEGAN + seenTo, BEGAN + seenTo);
  return known;
}

/** Reports of a condition that has held since the beginning, each so long after it, with how old its last breaching reading is. */
const held = (...reports: (readonly [seenTo: number, saidAgeMs: number, readAt?: number])[]) => {
  const known = new WatchState(notReported([unknown], BEGAN), plan);
  return reports.flatMap(([seenTo, saidAgeMs, readAt = seenTo], index) =>
    known
      .take(
        report(breaching({ saidAgeMs, ...(index === 0 ? { beganAgeMs: seenTo } : {}) })),
        BEGAN + seenTo,
        BEGAN + readAt,
      )
      .map(({ trigger }) => `${trigger} at ${readAt}`),
  );
};
const FIFTEEN = 15 * MINUTE;

// Playbook §4: "p95 latency breaches threshold for 15+ minutes".
describe('a clock fires', () => {
  test.each([
    ['not after 14m59s', held([899_000, 0]), []],
    ['not a millisecond before', held([FIFTEEN - 1, 0]), []],
    ['after 15m00s', held([FIFTEEN, 0]), ['latency at 900000']],
    ['when its report is read', held([FIFTEEN - 1, 0, FIFTEEN]), ['latency at 900000']],
    ['not when it is read a millisecond too soon', held([FIFTEEN - 2, 0, FIFTEEN - 1]), []],
    ['on a reading that is two intervals old', held([FIFTEEN, 20_000]), ['latency at 900000']],
    ['not on an older one', held([FIFTEEN, 20_001]), []],
    ['not on one that has grown too old until it is read', held([FIFTEEN, 20_000, FIFTEEN + 1]), []],
    ['with the next reading', held([FIFTEEN, 20_001], [FIFTEEN + 70_000, 0]), ['latency at 970000']],
    ['as told by earlier reports of when it began', held([MINUTE, 0], [FIFTEEN, 0]), ['latency at 900000']],
  ])('%s', (_, fired, expected) => {
    expect(fired).toEqual(expected);
  });

  test('not when the next reading is clean: it begins anew', () => {
    const known = watched(breaching({ beganAgeMs: FIFTEEN - 1, saidAgeMs: 0 }), FIFTEEN - 1);
    expect(known.take(report(clean), BEGAN + FIFTEEN, BEGAN + FIFTEEN)).toEqual([]);
    const again = BEGAN + 2 * FIFTEEN - 1;
    expect(known.take(report(breaching({ beganAgeMs: FIFTEEN - 1, saidAgeMs: 0 })), again, again)).toEqual([]);
    expect(known.take(report(breaching({ saidAgeMs: 0 })), again + 1, again + 1)).toMatchObject([
      { trigger: 'latency', detail: '612 ms > 500 ms for 15m' },
    ]);
  });

  test('once: a watcher hands its breach on as one that has fired', () => {
    const known = watched(breaching({ beganAgeMs: FIFTEEN, saidAgeMs: 0 }), FIFTEEN);
    const later = BEGAN + FIFTEEN + 10_000;
    expect(known.take(report(known.statesFor(later)[0]!), later, later)).toEqual([]);
  });

  test('again after its breach has ended', () => {
    const known = watched(breaching({ beganAgeMs: FIFTEEN, saidAgeMs: 0 }), FIFTEEN);
    known.take(report(clean), BEGAN + FIFTEEN + 1, BEGAN + FIFTEEN + 1);
    const later = BEGAN + 2 * FIFTEEN + 2;
    expect(known.take(report(breaching({ beganAgeMs: FIFTEEN, saidAgeMs: 0 })), later, later)).toHaveLength(1);
  });
});

test('an advisory clock stands against nothing, and is due like any other', () => {
  const advisory = { ...plan, triggers: [{ ...latency, action: 'note' as const }] };
  const known = new WatchState(notReported([unknown], BEGAN), advisory);
  known.take(report(breaching({ beganAgeMs: 0, saidAgeMs: 0 })), BEGAN, BEGAN);
  expect(known.clocks()).toHaveLength(1);
  expect(known.against(BEGAN, false)).toEqual([]);
  const due = BEGAN + FIFTEEN;
  expect(known.take(report(breaching({ saidAgeMs: 0 })), due, due)).toHaveLength(1);
});

describe('a segment that begins now', () => {
  const running = (begunAgo: number) => watched(breaching({ beganAgeMs: begunAgo, saidAgeMs: 0 }), begunAgo);
  const blind = (toldAgeMs: number) => watched({ ...clean, standing: 'blind', toldAgeMs }, MINUTE);
  const first = new WatchState(notReported([unknown], BEGAN), plan);
  test.each<[string, WatchState, number, number, ReturnType<WatchState['segment']>]>([
    ['of what was not looked at yet is a minute', first, 0, FIFTEEN, { segmentMs: MINUTE, decides: false }],
    ['or less', first, 0, MINUTE - 1, { segmentMs: MINUTE - 1, decides: false }],
    ['is as long as it should be', watched(clean, 0), 0, FIFTEEN, { segmentMs: FIFTEEN, decides: false }],
    [
      'ends when a clock is due, and decides',
      running(FIFTEEN - 5_000),
      FIFTEEN - 5_000,
      MINUTE,
      { segmentMs: 5_000, decides: true },
    ],
    [
      'decides when it ends at that very moment by itself',
      running(FIFTEEN - 5_000),
      FIFTEEN - 5_000,
      5_000,
      { segmentMs: 5_000, decides: true },
    ],
    [
      'a millisecond before it decides nothing',
      running(FIFTEEN - 5_000),
      FIFTEEN - 5_000,
      4_999,
      { segmentMs: 4_999, decides: false },
    ],
    ['may have a millisecond', running(FIFTEEN - 1), FIFTEEN - 1, MINUTE, { segmentMs: 1, decides: true }],
    [
      'waits for a reading once it is over',
      running(FIFTEEN - 1),
      FIFTEEN,
      MINUTE,
      { segmentMs: MINUTE, decides: false },
    ],
    ['ends when a check gets blind', blind(10_000), MINUTE, MINUTE, { segmentMs: 15_000, decides: false }],
    ['a millisecond before it is', blind(24_999), MINUTE, MINUTE, { segmentMs: 1, decides: false }],
    ['is as long as ever once it is', blind(25_000), MINUTE, MINUTE, { segmentMs: MINUTE, decides: false }],
  ])('%s', (_, known, now, length, expected) => {
    expect(known.segment(BEGAN + now, length)).toEqual(expected);
  });
});

describe('a check without readings for two intervals and the time of a look is blind', () => {
  const told = (toldAgeMs: number, more: Partial<TargetState> = {}) =>
    watched({ ...clean, toldAgeMs, ...more }, 10 * MINUTE);
  const LATER = 10 * MINUTE;
  test.each<[string, WatchState, number, boolean, number | undefined]>([
    ['a millisecond less', told(24_999), LATER, false, undefined],
    ['exactly', told(25_000), LATER, false, LATER - 25_000],
    ['at the pace it had', told(64_999, { pace: 30_000 }), LATER, false, undefined],
    ['for two of them', told(65_000, { pace: 30_000 }), LATER, false, LATER - 65_000],
    ['time since the last report says nothing', told(24_999), LATER + MINUTE, false, undefined],
    ['unless the next one is late', told(24_999), LATER + 1, true, LATER - 24_999],
    ['and not before', told(24_998), LATER + 1, true, undefined],
    ['since the beginning, before the first', watched(unknown, 25_000), 25_000, false, 0],
    ['a millisecond before that', watched(unknown, 24_999), 24_999, false, undefined],
    ['the first may take longer', watched(unknown, MINUTE - 1, MINUTE), MINUTE - 1, false, undefined],
    ['but not for ever', watched(unknown, MINUTE, MINUTE), MINUTE, false, 0],
    ['only the first', watched({ ...clean, toldAgeMs: 25_000 }, MINUTE, MINUTE), MINUTE, false, MINUTE - 25_000],
  ])('%s', (_, known, now, late, since) => {
    expect(known.blind(BEGAN + now, late).map((each) => each.since - BEGAN)).toEqual(
      since === undefined ? [] : [since],
    );
  });
});

test.each<[string, TargetState, number, boolean]>([
  ['clean since then', { ...clean, toldAgeMs: 9_999 }, MINUTE - 10_000, true],
  ['clean at that very moment, which was before', { ...clean, toldAgeMs: 10_000 }, MINUTE - 10_000, false],
  ['idle', { ...clean, standing: 'idle' }, 0, true],
  ['failing', { ...clean, standing: 'failing' }, 0, false],
  ['blind', { ...clean, standing: 'blind' }, 0, false],
])('everything clean after a moment: %s', (_, state, after, expected) => {
  expect(watched(state, MINUTE).isClean(BEGAN + after)).toBe(expected);
});

test.each<[string, TargetState, string[]]>([
  ['clean', clean, []],
  ['idle', { ...clean, standing: 'idle' }, []],
  [
    'without a reading in its last look, and not blind yet',
    { ...clean, standing: 'blind', last: 'ECONNREFUSED' },
    ['p95 at service has no reading: ECONNREFUSED'],
  ],
  ['not looked at yet', unknown, ['p95 at service has not been looked at yet']],
  ['blind', { ...clean, standing: 'blind', toldAgeMs: MINUTE }, ['p95 at service is blind']],
  [
    'a clock that runs',
    breaching({ beganAgeMs: 0 }),
    [expect.stringMatching(/^latency runs at service: /) as unknown as string],
  ],
])('what stands against a promotion: %s', (_, state, against) => {
  expect(watched(state, 1_000).against(BEGAN + 1_000, false)).toEqual(against);
});

test.each([
  ['a millisecond before', FIFTEEN - 1, false],
  ['when it is due', FIFTEEN, true],
])('a breach goes to the next segment as one whose time is over: %s', (_, now, overdue) => {
  const known = watched(breaching({ beganAgeMs: MINUTE, saidAgeMs: 0 }), MINUTE);
  expect(known.statesFor(BEGAN + now)[0]?.breaches[0]?.overdue ?? false).toBe(overdue);
});

test("asked to look at once, only what is calm is due right away: the looks at what isn't are counted", () => {
  const check = (name: string): Check => ({ name, kind: 'probe', path: '/', every: 60_000, timeout: 1_000 });
  const state = (name: string, standing: 'clean' | 'failing') => ({
    ...{ check: name, target: 'service', standing, failures: standing === 'clean' ? 0 : 2, breaches: [] },
    lastAgeMs: 5_000,
  });
  const watched = new WatchState(notReported([state('health', 'clean'), state('ready', 'failing')], BEGAN), {
    checks: [check('health'), check('ready')],
    triggers: [],
  });
  expect(watched.statesFor(BEGAN, true).map(({ lastAgeMs }) => lastAgeMs)).toEqual([undefined, 5_000]);
  expect(watched.statesFor(BEGAN).map(({ lastAgeMs }) => lastAgeMs)).toEqual([5_000, 5_000]);
});

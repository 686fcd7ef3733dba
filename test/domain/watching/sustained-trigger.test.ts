import { expect, test } from '@jest/globals';
import type { CheckTrigger, MetricCheck } from '../../../src/domain/plan/playbook.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { unseen } from '../../../src/domain/watching/segment.js';
import { watchChain } from '../../support/watching-chain.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const errorRate: MetricCheck = {
  kind: 'metric',
  name: 'error-rate',
  every: 15 * SECOND,
  timeout: 5 * SECOND,
  source: { measure: 'error-rate' },
  unit: 'ratio',
  guardrail: { is: 'below', value: 0.01 },
  mayBeIdle: true,
};
const errors: CheckTrigger = {
  name: 'errors',
  check: 'error-rate',
  consecutive: 1,
  for: 10 * MINUTE,
  breach: { is: 'above', value: 0.05 },
  action: 'rollback',
};

const value = (of: number, inPart = false): Reading => ({ kind: 'value', value: of, ...(inPart ? { inPart } : {}) });
const over = value(0.07);
const onIt = value(0.05);
const well = value(0.001);
const silent: Reading = { kind: 'none', text: 'ECONNREFUSED' };
const idle: Reading = { kind: 'idle', text: 'no requests' };

/** What is read from a moment on, in seconds after the first look. Looks come every 15 seconds, reports every minute and when something changes. */
type Course = readonly (readonly [from: number, reading: Reading])[];

/** After how many seconds the trigger fires, in a quarter of an hour. */
function fires(course: Course, trigger: Partial<CheckTrigger> = {}): number[] {
  const began = 1_000_000;
  return watchChain(
    { checks: [errorRate], triggers: [{ ...errors, ...trigger }] },
    unseen([errorRate], ['service']),
    (_, __, at) => course.findLast(([from]) => began + from * SECOND <= at)![1],
    [{ lengthMs: MINUTE }],
    began,
    began + 15 * MINUTE,
  ).firings.map(({ at }) => (at - began) / SECOND);
}

// Playbook §4: "Error rate exceeds hypercare threshold for 10+ minutes"; design §5, Triggers.
test.each<[string, Course, number[]]>([
  ['over it all the time', [[0, over]], [600]],
  ['on it all the time', [[0, onIt]], []],
  [
    'clean in the very moment it would be due',
    [
      [0, over],
      [600, well],
    ],
    [],
  ],
  [
    'clean in the look after it',
    [
      [0, over],
      [601, well],
    ],
    [600],
  ],
  [
    'one clean reading between: the clock begins anew',
    [
      [0, over],
      [30, well],
      [45, over],
    ],
    [645],
  ],
  [
    'a gap between two breaching readings counts as breach',
    [
      [0, over],
      [15, silent],
      [585, over],
    ],
    [600],
  ],
  [
    'so does a time without traffic',
    [
      [0, over],
      [15, idle],
      [585, over],
    ],
    [600],
  ],
  [
    'a gap before a clean reading is none',
    [
      [0, over],
      [15, silent],
      [585, well],
    ],
    [],
  ],
  [
    'the last reading two intervals old: fresh enough',
    [
      [0, over],
      [571, silent],
    ],
    [600],
  ],
  [
    'older: nothing fires, and the next reading fires',
    [
      [0, over],
      [570, silent],
      [720, over],
    ],
    [720],
  ],
  [
    'or clears',
    [
      [0, over],
      [570, silent],
      [720, well],
    ],
    [],
  ],
  [
    'or nothing comes at all',
    [
      [0, over],
      [570, silent],
    ],
    [],
  ],
  [
    'what was seen in part breaches',
    [
      [0, over],
      [15, value(0.07, true)],
    ],
    [600],
  ],
  [
    'but is no clean reading',
    [
      [0, over],
      [15, value(0.001, true)],
      [585, over],
    ],
    [600],
  ],
  [
    'nor a fresh one',
    [
      [0, over],
      [15, value(0.001, true)],
    ],
    [],
  ],
])('%s', (_, course, moments) => {
  expect(fires(course)).toEqual(moments);
});

const tenMinutes: Course = [
  [0, over],
  [600, well],
];
test.each([
  ['9m59s', 599 * SECOND, [599]],
  ['10m00s less a millisecond', 10 * MINUTE - 1, [599.999]],
  ['10m00s', 10 * MINUTE, []],
])('a condition that is over after 10m00s has held for %s', (_, length, moments) => {
  expect(fires(tenMinutes, { for: length })).toEqual(moments);
});

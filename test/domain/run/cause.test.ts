import { describe, expect, test } from '@jest/globals';
import { causeText, reasonText, stopBy } from '../../../src/domain/run/cause.js';
import { alsoStopped, stopOf, type Course } from '../../../src/domain/run/course.js';
import type { Stop } from '../../../src/domain/run/status.js';

const at = '2026-03-01T02:00:00.000Z';
const about = 'The critical smoke gave no result for RC.3: exit 5, no module httpx.';
const decided: Stop = {
  at,
  ...stopBy({ hold: 'smoke-unknown', choice: 'roll-back', by: 'Ana', reason: 'looked at it', about }),
};

describe('why it stopped', () => {
  test.each<[string, Stop, string, string]>([
    [
      "a person's answer keeps what it was about",
      decided,
      'looked at it; roll-back was the answer to: The critical smoke gave no result for RC.3: exit 5, no module httpx',
      'Ana decided roll-back (looked at it): The critical smoke gave no result for RC.3: exit 5, no module httpx',
    ],
    [
      'an abort names who',
      { kind: 'abort', reason: 'checkout fails', by: 'Ana', at },
      'checkout fails',
      'checkout fails (aborted by Ana)',
    ],
    [
      'unless nobody knows',
      { kind: 'abort', reason: 'no reason given', by: 'unknown', at },
      'no reason given',
      'no reason given (aborted)',
    ],
    [
      'golive rollback',
      { kind: 'decision', reason: 'refunds fail', by: 'Bea', at },
      'refunds fail',
      'refunds fail (decided by Bea)',
    ],
    [
      'a trigger says its evidence',
      { kind: 'trigger', reason: 'p95 at service 612 ms > 500 ms for 15m', by: 'trigger latency', at },
      'p95 at service 612 ms > 500 ms for 15m',
      'p95 at service 612 ms > 500 ms for 15m',
    ],
    [
      'those who came later are named',
      { kind: 'trigger', reason: 'p95 is up', by: 'trigger latency', at, also: [{ by: 'Ana', reason: 'orders hang' }] },
      'p95 is up; Ana too: orders hang',
      'p95 is up; Ana too: orders hang',
    ],
  ])('%s', (_, stop, reason, cause) => {
    expect([reasonText(stop), causeText(stop)]).toEqual([reason, cause]);
  });

  test('what it was about is cut, whatever it lists', () => {
    const { about: kept = '' } = stopBy({ hold: 'x', choice: 'y', by: 'Ana', reason: 'r', about: 'x'.repeat(5_000) });
    expect(kept.length).toBeLessThanOrEqual(400);
  });
});

describe('a later abort', () => {
  const rollingBack: Course = { is: 'rolling-back', stop: decided };
  test("adds its reason, each person's last one, the last five of them", () => {
    const said = ['Bea', 'Cem', 'Bea', 'Dan', 'Eve', 'Fay', 'Gil'].map((by, index) => ({ by, reason: `${index}` }));
    const also = stopOf(said.reduce(alsoStopped, rollingBack))?.also;
    expect(also?.map(({ by, reason }) => `${by} ${reason}`)).toEqual(['Bea 2', 'Dan 3', 'Eve 4', 'Fay 5', 'Gil 6']);
  });
  test.each<Course>([{ is: 'hypercare' }, { is: 'ended', outcome: 'rolled-back', stop: decided }])(
    'adds nothing to what is not being stopped: %o',
    (course) => {
      expect(alsoStopped(course, { by: 'Bea', reason: 'late' })).toBe(course);
    },
  );
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ended,
  goesForward,
  isDeployed,
  isOver,
  mayBecome,
  needsSight,
  outcomeOf,
  phaseOf,
  stopOf,
  stopped,
  supersededBy,
  wayOut,
  type Course,
  type WayOut,
} from '../../../src/domain/run/course.js';
import type { Phase, Stop, Superseded } from '../../../src/domain/run/status.js';

const stop: Stop = { kind: 'abort', reason: 'checkout fails', by: 'Ana', at: '2026-03-01T02:00:00.000Z' };
const by: Superseded = { release: 'RC.4', by: 'Ana', reason: 'hotfix', at: '2026-03-01T02:00:00.000Z' };
const rollingOut = (part: 'deploying' | 'soaking', deployed: boolean) =>
  ({ is: 'rolling-out', stage: 'canary', part, deployed }) as const;
const stopping = (phase: Phase, deployed: boolean): Course => ({ is: 'stopping', phase, deployed, stop });

interface Row {
  readonly course: Course;
  readonly phase: Phase;
  readonly forward: boolean;
  readonly deployed: boolean;
  readonly sight: boolean;
  readonly way: WayOut;
}
const row = (course: Course, phase: Phase, facts: string, way: WayOut): Row => ({
  course,
  phase,
  forward: facts.includes('forward'),
  deployed: facts.includes('deployed'),
  sight: facts.includes('sight'),
  way,
});

const ROWS: readonly Row[] = [
  row({ is: 'scheduled' }, 'scheduled', 'forward', 'reject'),
  row({ is: 'preflight', passed: false }, 'preflight', 'forward', 'reject'),
  // At the gate of the first stage: nothing is deployed, and nothing goes on unseen.
  row({ is: 'preflight', passed: true }, 'preflight', 'forward, sight', 'reject'),
  row({ is: 'rehearsing' }, 'rehearsing', 'forward', 'reject'),
  // The ledger is being opened for the first deploy command.
  row(rollingOut('deploying', false), 'deploying', 'forward, sight', 'reject'),
  row(rollingOut('deploying', true), 'deploying', 'forward, deployed, sight', 'roll-back'),
  row(rollingOut('soaking', true), 'soaking', 'forward, deployed, sight', 'roll-back'),
  row({ is: 'verifying' }, 'verifying', 'forward, deployed, sight', 'roll-back'),
  row({ is: 'hypercare' }, 'hypercare', 'forward, deployed, sight', 'roll-back'),
  row({ is: 'superseded', by }, 'hypercare', 'deployed', 'roll-back'),
  row(stopping('preflight', false), 'preflight', '', 'end-anyway'),
  row(stopping('soaking', true), 'soaking', 'deployed', 'roll-back'),
  row({ is: 'rolling-back', stop }, 'rolling-back', 'deployed', 'take-over'),
  row({ is: 'ended', outcome: 'completed' }, 'ended', '', 'reject'),
  row({ is: 'ended', outcome: 'rolled-back', stop }, 'ended', '', 'end-anyway'),
];
const courses = fc.constantFrom(...ROWS.map(({ course }) => course));

describe('what a course says', () => {
  test.each(ROWS)('$course', ({ course, phase, forward, deployed, sight, way }) => {
    expect({
      phase: phaseOf(course),
      forward: goesForward(course),
      deployed: isDeployed(course),
      sight: needsSight(course),
      way: wayOut(course),
    }).toEqual({ phase, forward, deployed, sight, way });
  });
});

test('a stop keeps the phase it came in and what was deployed, and the first one stays', () => {
  fc.assert(
    fc.property(courses, (course) => {
      const after = stopped(course, { ...stop, reason: 'another' });
      expect(phaseOf(after)).toBe(phaseOf(course));
      expect(isDeployed(after)).toBe(isDeployed(course));
      expect(stopOf(after)?.reason).toBe(goesForward(course) ? 'another' : stopOf(course)?.reason);
      expect(goesForward(after)).toBe(false);
    }),
  );
});

test('an end keeps what led to it, and is the end', () => {
  fc.assert(
    fc.property(courses, courses, (course, next) => {
      const end = ended(course, 'aborted');
      expect([outcomeOf(end), stopOf(end), supersededBy(end)]).toEqual([
        'aborted',
        stopOf(course),
        supersededBy(course),
      ]);
      expect(isOver(end)).toBe(true);
      expect(mayBecome(end, next)).toBe(false);
    }),
  );
});

test('what is stopped goes no step forward, and only what is stopped is rolled back', () => {
  fc.assert(
    fc.property(courses, courses, (here, there) => {
      if (there.is === 'rolling-back') expect(mayBecome(here, there)).toBe(here.is === 'stopping');
      else if (there.is !== 'ended') expect(mayBecome(here, there)).toBe(goesForward(here));
    }),
  );
});

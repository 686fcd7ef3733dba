import type { SaidBy } from '../people/said-by.js';
import type { Outcome, Phase, Stop, Superseded } from './status.js';

/**
 * Where a run is. A union, so that what can't be together doesn't compile: a rollback has its stop, an end its outcome, and nothing is deployed before the
 * preflight has passed.
 */
export type Course =
  | { readonly is: 'scheduled' }
  /** `passed`: from then on nothing goes on without sight; a gate may still be closed. */
  | { readonly is: 'preflight'; readonly passed: boolean }
  | { readonly is: 'rehearsing' }
  /** `deployed`: the first deploy command was decided, or an earlier stage is out. */
  | {
      readonly is: 'rolling-out';
      readonly stage: string;
      readonly part: 'deploying' | 'soaking';
      readonly deployed: boolean;
    }
  | { readonly is: 'verifying' }
  | { readonly is: 'hypercare' }
  /** A hotfix has ended hypercare: nothing stops this run any more. */
  | { readonly is: 'superseded'; readonly by: Superseded }
  /** The way forward has ended in this phase; what was under way is being left. */
  | { readonly is: 'stopping'; readonly phase: Phase; readonly deployed: boolean; readonly stop: Stop }
  | { readonly is: 'rolling-back'; readonly stop: Stop }
  | { readonly is: 'ended'; readonly outcome: Outcome; readonly stop?: Stop; readonly supersededBy?: Superseded };

const MOST_OTHERS = 5;

/** What a person may choose when the way forward, or a command's outcome, is in question. */
export type WayOut = 'reject' | 'roll-back' | 'take-over' | 'end-anyway';

/** The phase that people see. */
export function phaseOf(course: Course): Phase {
  switch (course.is) {
    case 'rolling-out':
      return course.part;
    case 'superseded':
      return 'hypercare';
    case 'stopping':
      return course.phase;
    default:
      return course.is;
  }
}

/** The same for a row of the UI's timeline, with the stage: `deploy canary`, `soak canary`, `rollback`. */
export function whereText(course: Course): string {
  switch (course.is) {
    case 'rolling-out':
      return `${course.part === 'soaking' ? 'soak' : 'deploy'} ${course.stage}`;
    case 'rolling-back':
      return 'rollback';
    case 'rehearsing':
      return 'rehearsal';
    case 'verifying':
      return 'verify';
    case 'ended':
      return 'end';
    default:
      return course.is;
  }
}

/** What has stopped the way forward. The first stop stays the reason. */
export function stopOf(course: Course): Stop | undefined {
  return 'stop' in course ? course.stop : undefined;
}

export function outcomeOf(course: Course): Outcome | undefined {
  return course.is === 'ended' ? course.outcome : undefined;
}

export function supersededBy(course: Course): Superseded | undefined {
  return course.is === 'superseded' ? course.by : course.is === 'ended' ? course.supersededBy : undefined;
}

/** Nothing is left to stop. */
export function isOver(course: Course): boolean {
  return course.is === 'ended' || course.is === 'superseded';
}

/** Whether a step forward may still come. */
export function goesForward(course: Course): boolean {
  return !isOver(course) && stopOf(course) === undefined;
}

/** From the moment the first deploy command is decided: from then on a stop is a rollback (playbook §5). */
export function isDeployed(course: Course): boolean {
  switch (course.is) {
    case 'rolling-out':
    case 'stopping':
      return course.deployed;
    case 'verifying':
    case 'hypercare':
    case 'superseded':
    case 'rolling-back':
      return true;
    default:
      return false;
  }
}

/** Whether blindness is a question to people (design §5): before the preflight has passed its failure says it better, and a rollback needs no sight to begin. */
export function needsSight(course: Course): boolean {
  switch (course.is) {
    case 'preflight':
      return course.passed;
    case 'rolling-out':
    case 'verifying':
    case 'hypercare':
      return true;
    default:
      return false;
  }
}

/** What a person may choose besides going on. */
export function wayOut(course: Course): WayOut {
  if (course.is === 'rolling-back') return 'take-over';
  if (isDeployed(course)) return 'roll-back';
  return stopOf(course) ? 'end-anyway' : 'reject';
}

/** Whether a run that is here may come to be there: once it is stopped or over nothing goes forward any more, and only what is stopped is rolled back. */
export function mayBecome(here: Course, there: Course): boolean {
  if (there.is === 'ended') return here.is !== 'ended';
  if (there.is === 'rolling-back') return here.is === 'stopping';
  return goesForward(here);
}

/** Where a stop leads. What is stopped, over or superseded already stays as it is. */
export function stopped(course: Course, stop: Stop): Course {
  return goesForward(course) ? { is: 'stopping', phase: phaseOf(course), deployed: isDeployed(course), stop } : course;
}

/** Somebody else wants it stopped, which it is: their reason is kept, the last few of them. */
export function alsoStopped(course: Course, { by, reason }: SaidBy): Course {
  if (course.is !== 'stopping' && course.is !== 'rolling-back') return course;
  const { stop } = course;
  const also = [...(stop.also ?? []).filter((each) => each.by !== by), { by, reason }];
  return { ...course, stop: { ...stop, also: also.slice(-MOST_OTHERS) } };
}

/** The end, with what led to it. */
export function ended(course: Course, outcome: Outcome): Course {
  const stop = stopOf(course);
  const by = supersededBy(course);
  return { is: 'ended', outcome, ...(stop ? { stop } : {}), ...(by ? { supersededBy: by } : {}) };
}

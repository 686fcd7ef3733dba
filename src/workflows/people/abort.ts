import { readAbort } from '../../domain/people/said-by.js';
import { reasonText } from '../../domain/run/cause.js';
import {
  alsoStopped,
  goesForward,
  isDeployed,
  isOver,
  phaseOf,
  stopOf,
  supersededBy,
} from '../../domain/run/course.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import type { Run } from '../run/run.js';
import type { AbortAnswer } from './messages.js';

/** An abort, by signal or update, with whatever payload (playbook §4; promise 2). */
export function abort(run: Run, payload: unknown): AbortAnswer {
  const { course } = run.state;
  const phase = phaseOf(course);
  const stop = stopOf(course);
  const { data, ...request } = readAbort(payload);
  const ofData = data && isDeployed(course) && !isOver(course) ? `; ${run.doubts.say(request)}` : '';
  const running = run.commands.inFlight;
  const inFlight = running ? { inFlight: running.step } : {};
  if (!goesForward(course)) {
    // The command line sends the update and, where nobody answers it, the signal too: one request, told once.
    if (stop?.kind === 'abort' && stop.reason === request.reason && stop.by === request.by)
      return { accepted: true, phase, ...inFlight, next: `it is being stopped${ofData}` };
    const superseded = supersededBy(course);
    const next = isOver(course)
      ? `this go-live has ended${superseded ? `, superseded by ${superseded.release}` : ''}; nothing is left to abort`
      : `it is already being stopped: ${stop && reasonText(stop)}${ofData}`;
    if (stop && !isOver(course)) {
      run.state.course = alsoStopped(course, request);
      run.record(`${request.by} aborts it too: ${request.reason}`);
      run.show();
      return { accepted: false, phase, ...inFlight, next };
    }
    run.hasNoEffect(`abort by ${request.by} (${request.reason}) ignored: ${next}`);
    return { accepted: false, phase, ...inFlight, next };
  }
  run.stop({ kind: 'abort', ...request });
  return {
    accepted: true,
    phase,
    ...inFlight,
    next: isDeployed(course) ? `${whatNext(run)}${ofData}` : 'the go-live ends; nothing was deployed',
  };
}

function whatNext(run: Run): string {
  const { input } = run;
  const { foreign } = hypercareOf(run);
  return foreign === undefined
    ? `rollback to ${input.previousRelease} starts now`
    : `${foreign} is live: the rollback to ${input.previousRelease} asks first, see the hold foreign-version`;
}

import { log, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { abort } from './abort.js';
import type { GoLive } from './go-live.js';
import {
  abortSignal,
  alertSignal,
  aliveQuery,
  approveRestoreUpdate,
  decideUpdate,
  handOverUpdate,
  pauseSignal,
  promoteSignal,
  requestAbortUpdate,
  resumeSignal,
  statusQuery,
  supersedeUpdate,
  timelineQuery,
} from './messages.js';

/** What a run can be told and asked, from its first moment on. */
export function listen(goLive: GoLive): void {
  const counted = (handler: (payload?: unknown) => unknown) => (payload?: unknown) => {
    goLive.signals += 1;
    handler(payload);
  };
  setHandler(
    abortSignal,
    counted((payload) => abort(goLive, payload)),
    { description: 'Stop the go-live now: rolls back if anything was deployed. {"reason","by"}; any payload aborts.' },
  );
  setHandler(
    pauseSignal,
    counted((payload) => goLive.steering.pause(payload)),
    { description: 'Begin no further step; clocks, commands and triggers go on. {"reason","by"}' },
  );
  setHandler(
    resumeSignal,
    counted((payload) => goLive.steering.resume(payload)),
    { description: 'End a pause. {"reason","by"}' },
  );
  setHandler(
    promoteSignal,
    counted((payload) => goLive.steering.promote(payload)),
    { description: 'End this soak early, unless a breach clock runs or a check is blind. {"reason","by"}' },
  );
  setHandler(
    alertSignal,
    counted((payload) => goLive.triggers.alert(payload)),
    {
      description:
        'An external trigger is met or no more: {"trigger","state":"firing"|"resolved","since","value","source"}.',
    },
  );
  setHandler(requestAbortUpdate, (payload) => abort(goLive, payload), {
    description: 'The same as the signal abort, answered with what happens next.',
  });
  setHandler(decideUpdate, (decision) => goLive.holds.decide(decision), {
    validator: (decision) => goLive.holds.validate(decision),
    description: 'Answer an open hold: {"hold","choice","by","reason"}.',
  });
  setHandler(handOverUpdate, (request) => goLive.handover.handOver(request), {
    validator: (request) => goLive.handover.validate(request),
    description: 'Ask somebody to be the decision owner from now on: {"to","by","reason"}.',
  });
  setHandler(supersedeUpdate, (request) => goLive.supersession.supersede(request), {
    validator: (request) => goLive.supersession.validate(request),
    description: 'End hypercare, and nothing else, for a hotfix: {"release","by","reason"}.',
  });
  setHandler(approveRestoreUpdate, (approval) => goLive.restore.approve(approval), {
    validator: (approval) => goLive.restore.validate(approval),
    description:
      'Approve the data restore that is proposed, as an incident lead: {"by","reason"}, and {"signature","expires"} where it has to be signed.',
  });
  setHandler(statusQuery, () => goLive.status(), { description: 'Everything about this go-live now.' });
  setHandler(aliveQuery, () => goLive.phase !== 'ended', {
    description: 'Whether this go-live goes on: an answer shows that somebody carries it on.',
  });
  setHandler(timelineQuery, () => goLive.timeline.entries, { description: 'What has happened so far, in order.' });
  setDefaultSignalHandler((name) => {
    goLive.signals += 1;
    goLive.hasNoEffect(
      `signal "${name}" is not known and changes nothing; known: abort, pause, resume, promote, alert`,
    );
    log.warn('unknown signal', { signal: name });
  });
}

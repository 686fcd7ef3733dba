import { log, setDefaultSignalHandler, setHandler, type SignalDefinition } from '@temporalio/workflow';
import { abort } from './abort.js';
import type { GoLive } from '../run/go-live.js';
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
  const signals: [SignalDefinition<[unknown?]>, string, (payload?: unknown) => unknown][] = [
    [
      abortSignal,
      'Stop the go-live now: rolls back if anything was deployed. {"reason","by"}; any payload aborts.',
      (payload) => abort(goLive, payload),
    ],
    [
      pauseSignal,
      'Begin no further step; clocks, commands and triggers go on. {"reason","by"}',
      (payload) => goLive.steering.pause(payload),
    ],
    [resumeSignal, 'End a pause. {"reason","by"}', (payload) => goLive.steering.resume(payload)],
    [
      promoteSignal,
      'End this soak early, unless a breach clock runs or a check is blind. {"reason","by"}',
      (payload) => goLive.steering.promote(payload),
    ],
    [
      alertSignal,
      'An external trigger is met or no more: {"trigger","state":"firing"|"resolved","since","value","source"}.',
      (payload) => goLive.triggers.alert(payload),
    ],
  ];
  const take = (name: string, payload?: unknown) => {
    goLive.signals += 1;
    const known = signals.find(([signal]) => signal.name === name);
    if (known) return void known[2](payload);
    goLive.hasNoEffect(`unknown signal "${name}" ignored; known: abort, pause, resume, promote, alert`);
    log.warn('unknown signal', { signal: name });
  };
  // First: what has come before the first task is taken by it, all in the order it came in.
  setDefaultSignalHandler(take);
  for (const [signal, description] of signals)
    setHandler(signal, (payload) => take(signal.name, payload), { description });
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
}

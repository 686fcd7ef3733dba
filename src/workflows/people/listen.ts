import { log, setDefaultSignalHandler, setHandler, type SignalDefinition } from '@temporalio/workflow';
import { abort } from './abort.js';
import { entriesOf } from '../../domain/run/timeline.js';
import type { Run } from '../run/run.js';
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
export function listen(run: Run): void {
  const signals: [SignalDefinition<[unknown?]>, string, (payload?: unknown) => unknown][] = [
    [
      abortSignal,
      'Stop the go-live now: rolls back if anything was deployed. {"reason","by"}; any payload aborts. "data":true says that the data can be wrong.',
      (payload) => abort(run, payload),
    ],
    [
      pauseSignal,
      'Begin no further step; clocks, commands and triggers go on. {"reason","by"}',
      (payload) => run.steering.pause(payload),
    ],
    [resumeSignal, 'End a pause. {"reason","by"}', (payload) => run.steering.resume(payload)],
    [
      promoteSignal,
      'End this soak early, unless a breach clock runs or a check is blind. {"reason","by"}',
      (payload) => run.steering.promote(payload),
    ],
    [
      alertSignal,
      'An external trigger is met or no more: {"trigger","state":"firing"|"resolved","since","value","source"}.',
      (payload) => run.triggers.alert(payload),
    ],
  ];
  const take = (name: string, payload?: unknown) => {
    run.signals += 1;
    const known = signals.find(([signal]) => signal.name === name);
    if (known) return void known[2](payload);
    run.hasNoEffect(`unknown signal "${name}" ignored; known: abort, pause, resume, promote, alert`);
    log.warn('unknown signal', { signal: name });
  };
  // First: what has come before the first task is taken by it, all in the order it came in.
  setDefaultSignalHandler(take);
  for (const [signal, description] of signals)
    setHandler(signal, (payload) => take(signal.name, payload), { description });
  setHandler(requestAbortUpdate, (payload) => abort(run, payload), {
    description: 'The same as the signal abort, answered with what happens next.',
  });
  setHandler(decideUpdate, (decision) => run.holds.decide(decision), {
    validator: (decision) => run.holds.validate(decision),
    description: 'Answer an open hold: {"hold","choice","by","reason"}.',
  });
  setHandler(handOverUpdate, (request) => run.handover.handOver(request), {
    validator: (request) => run.handover.validate(request),
    description: 'Ask somebody to be the decision owner from now on: {"to","by","reason"}.',
  });
  setHandler(supersedeUpdate, (request) => run.supersession.supersede(request), {
    validator: (request) => run.supersession.validate(request),
    description: 'End hypercare, and nothing else, for a hotfix: {"release","by","reason"}.',
  });
  setHandler(approveRestoreUpdate, (approval) => run.restore.approve(approval), {
    validator: (approval) => run.restore.validate(approval),
    description:
      'Approve the data restore that is proposed, as an incident lead: {"by","reason"}, and {"signature","expires"} where it has to be signed.',
  });
  setHandler(statusQuery, () => run.status(), { description: 'Everything about this go-live now.' });
  setHandler(aliveQuery, () => run.state.course.is !== 'ended', {
    description: 'Whether this go-live goes on: an answer shows that somebody carries it on.',
  });
  setHandler(timelineQuery, () => entriesOf(run.state.timeline), {
    description: 'What has happened so far, in order.',
  });
}

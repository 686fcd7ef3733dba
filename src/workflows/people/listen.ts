import { log, setDefaultSignalHandler, setHandler, type SignalDefinition } from '@temporalio/workflow';
import type { Decision } from '../../domain/people/hold.js';
import { abort } from './abort.js';
import { entriesOf } from '../../domain/run/timeline.js';
import { deepest } from '../../domain/text/deepest.js';
import { oneLine } from '../../domain/text/one-line.js';
import { note, noteRefused, payloadOf } from '../run/evidence.js';
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
    note({ kind: 'told', how: 'signal', name: oneLine(name, 100), payload: payloadOf(payload) });
    const known = signals.find(([signal]) => signal.name === name);
    if (known) return void known[2](payload);
    // A name can be whatever its sender likes, too.
    const shown = oneLine(name, 100);
    run.hasNoEffect(`unknown signal "${shown}" ignored; known: abort, pause, resume, promote, alert`);
    log.warn('unknown signal', { signal: shown });
  };
  // First: what has come before the first task is taken by it, all in the order it came in.
  setDefaultSignalHandler(take);
  for (const [signal, description] of signals)
    setHandler(signal, (payload) => take(signal.name, payload), { description });
  setHandler(
    requestAbortUpdate,
    onRecord('requestAbort', (payload) => abort(run, payload)),
    {
      description: 'The same as the signal abort, answered with what happens next.',
    },
  );
  setHandler(
    decideUpdate,
    onRecord('decide', (decision: Decision) => run.holds.decide(decision)),
    {
      validator: refusing('decide', (decision) => run.holds.validate(decision)),
      description: 'Answer an open hold: {"hold","choice","by","reason"}.',
    },
  );
  setHandler(
    handOverUpdate,
    onRecord('handOver', (request) => run.handover.handOver(request)),
    {
      validator: refusing('handOver', (request) => run.handover.validate(request)),
      description: 'Ask somebody to be the decision owner from now on: {"to","by","reason"}.',
    },
  );
  setHandler(
    supersedeUpdate,
    onRecord('supersede', (request) => run.supersession.supersede(request)),
    {
      validator: refusing('supersede', (request) => run.supersession.validate(request)),
      description: 'End hypercare, and nothing else, for a hotfix: {"release","by","reason"}.',
    },
  );
  setHandler(
    approveRestoreUpdate,
    onRecord('approveRestore', (approval) => run.restore.approve(approval)),
    {
      validator: refusing('approveRestore', (approval) => run.restore.validate(approval)),
      description:
        'Approve the data restore that is proposed, as an incident lead: {"by","reason"}, and {"signature","expires"} where it has to be signed.',
    },
  );
  setHandler(statusQuery, () => run.status(), { description: 'Everything about this go-live now.' });
  setHandler(aliveQuery, () => run.state.course.is !== 'ended', {
    description: 'Whether this go-live goes on: an answer shows that somebody carries it on.',
  });
  setHandler(timelineQuery, () => entriesOf(run.state.timeline), {
    description: 'What has happened so far, in order.',
  });
}

/** A handler whose update is on record, and so is its refusal. */
function onRecord<P, R>(name: string, handle: (payload: P) => R | Promise<R>): (payload: P) => R | Promise<R> {
  const refused = (error: unknown): never => {
    note({ kind: 'refused', name, why: deepest(error) });
    throw error;
  };
  return (payload) => {
    note({ kind: 'told', how: 'update', name, payload: payloadOf(payload) });
    try {
      const answer = handle(payload);
      return answer instanceof Promise ? answer.catch(refused) : answer;
    } catch (error) {
      return refused(error);
    }
  };
}

/** A validator whose refusals are on record: the run's history has none of them. */
function refusing<P>(name: string, validate: (payload: P) => void): (payload: P) => void {
  return (payload) => {
    try {
      validate(payload);
    } catch (error) {
      noteRefused(name, payloadOf(payload), deepest(error));
      throw error;
    }
  };
}

import type { QueryDefinition, SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { HandOver } from '../../domain/people/handover.js';
import type { Decision } from '../../domain/people/hold.js';
import { ALERT_SIGNAL, ALIVE_QUERY } from '../../domain/people/steering.js';
import type { GoLiveStatus, Phase, TimelineEntry } from '../../domain/run/status.js';
import type { Supersede } from '../../domain/people/supersession.js';

/** Stable names: operators type them (design §4). The same objects as `defineSignal` and its like make, for which a command line would have to load all of @temporalio/workflow. */
const signal = (name: string) => ({ type: 'signal', name }) as SignalDefinition<[unknown?]>;
const update = <Answer, Args extends unknown[]>(name: string) =>
  ({ type: 'update', name }) as UpdateDefinition<Answer, Args>;
const query = <Answer>(name: string) => ({ type: 'query', name }) as QueryDefinition<Answer>;

/** A signal and not an update: it must be accepted whatever state the run is in and whoever sends what. */
export const abortSignal = signal('abort');

/** Signals: each must be accepted in any state, and says in the status what it changed or why it didn't. */
export const pauseSignal = signal('pause');
export const resumeSignal = signal('resume');
export const promoteSignal = signal('promote');

/** From outside, again and again, late and out of order: `{trigger, state: firing|resolved, since, value, source}`. */
export const alertSignal = signal(ALERT_SIGNAL);

/** An abort with an answer, for those who want to know what happens next. */
export const requestAbortUpdate = update<AbortAnswer, [unknown?]>('requestAbort');

/** An update: who isn't a lead, or has no valid signature, has to come back refused. `{by, reason, signature?, expires?}`. */
export const approveRestoreUpdate = update<string, [unknown]>('approveRestore');

/** An update and not a signal: a wrong answer to a hold has to come back refused. */
export const decideUpdate = update<string, [Decision]>('decide');

/** Updates: what is wrong with them has to come back refused. */
export const handOverUpdate = update<string, [HandOver]>('handOver');
export const supersedeUpdate = update<string, [Supersede]>('supersede');

export const statusQuery = query<GoLiveStatus>('status');
/** Whether this run goes on. That there is an answer shows that somebody carries it on. */
export const aliveQuery = query<boolean>(ALIVE_QUERY);
export const timelineQuery = query<readonly TimelineEntry[]>('timeline');

export interface AbortAnswer {
  /** False when there is nothing left to abort. */
  readonly accepted: boolean;
  readonly phase: Phase;
  readonly inFlight?: string;
  readonly next: string;
}

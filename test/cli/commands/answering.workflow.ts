import { ApplicationFailure, condition, defineQuery, setHandler } from '@temporalio/workflow';
import {
  approveRestoreUpdate,
  decideUpdate,
  handOverUpdate,
  requestAbortUpdate,
  pauseSignal,
  promoteSignal,
  resumeSignal,
  statusQuery,
  supersedeUpdate,
  timelineQuery,
  type AbortAnswer,
} from '../../../src/workflows/people/messages.js';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';

/** Each update that was answered and each signal that came, with its payload. */
export type Answered = readonly (readonly [name: string, payload: unknown])[];

const answered = defineQuery<Answered>('answered');

/**
 * Has this status, and an answer to every update: Nobody is refused, Slow waits forever. It ends, with this result, when it is superseded by somebody
 * who doesn't stay.
 */
export async function answering(status: GoLiveStatus, result: unknown): Promise<unknown> {
  const all: [string, unknown][] = [];
  let over = false;
  const take = async (name: string, payload: unknown): Promise<string> => {
    const { by, reason } = payload as { by: string; reason: string };
    if (by === 'Nobody') throw ApplicationFailure.nonRetryable(`${by} may not ${name}.`);
    if (by === 'Slow') await condition(() => false);
    all.push([name, payload]);
    over = name === 'supersede' && reason !== 'stay';
    return `${name} by ${by}\nis taken`;
  };
  setHandler(statusQuery, () => status);
  setHandler(timelineQuery, () => [{ at: status.beganAt, what: 'begun' }]);
  setHandler(answered, () => all);
  for (const signal of [pauseSignal, resumeSignal, promoteSignal])
    setHandler(signal, (payload) => void all.push([signal.name, payload]));
  setHandler(decideUpdate, (payload) => take('decide', payload));
  setHandler(handOverUpdate, (payload) => take('handOver', payload));
  setHandler(supersedeUpdate, (payload) => take('supersede', payload));
  setHandler(approveRestoreUpdate, (payload) => take('approveRestore', payload));
  setHandler(requestAbortUpdate, async (payload): Promise<AbortAnswer> => {
    const next = await take('requestAbort', payload);
    return { accepted: all.length === 1, phase: 'soaking', ...(all.length === 1 ? { inFlight: 'canary' } : {}), next };
  });
  await condition(() => over);
  return result;
}

/** The same under the name by which go-lives are listed. */
export { answering as controlledGoLive };

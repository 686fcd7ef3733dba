import { ApplicationFailure, condition, defineQuery, setHandler } from '@temporalio/workflow';
import {
  alertSignal,
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
import type { SaidBy } from '../../../src/domain/people/said-by.js';
import { ignoredText, type SteeringSignal } from '../../../src/domain/people/steering.js';
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
  let now = status;
  const take = async (name: string, payload: unknown): Promise<string> => {
    const { by, reason } = payload as { by: string; reason: string };
    if (by === 'Nobody') throw ApplicationFailure.nonRetryable(`${by} may not ${name}.`);
    if (by === 'Slow') await condition(() => false);
    all.push([name, payload]);
    over = name === 'supersede' && reason !== 'stay';
    return `${name} by ${by}\nis taken`;
  };
  setHandler(statusQuery, () => now);
  setHandler(timelineQuery, () => [{ at: status.beganAt, what: 'begun' }]);
  setHandler(answered, () => all);
  for (const signal of [pauseSignal, resumeSignal, promoteSignal])
    setHandler(signal, (payload) => {
      all.push([signal.name, payload]);
      now = steered(now, signal.name as SteeringSignal, payload as SaidBy);
    });
  setHandler(alertSignal, (payload) => {
    const { source, trigger } = payload as { source: string; trigger: string };
    all.push(['alert', payload]);
    const what = `the alert of ${source} was ignored: no external trigger "${trigger}".`;
    if (source === 'Nobody')
      now = { ...now, ineffective: [...now.ineffective, { at: new Date().toISOString(), what }] };
  });
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
/** What a steering signal does to it: of Nobody it has no effect, and of Slow none that is told. */
function steered(status: GoLiveStatus, signal: SteeringSignal, said: SaidBy): GoLiveStatus {
  const at = new Date().toISOString();
  if (said.by === 'Slow') return status;
  if (said.by === 'Nobody') {
    const what = ignoredText(signal, said, 'it may\nnot');
    return { ...status, ineffective: [...status.ineffective, { at, what }] };
  }
  const { paused: _, ...others } = status;
  void _;
  if (signal === 'pause') return { ...others, paused: { ...said, at } };
  if (signal === 'resume') return others;
  return {
    ...status,
    stages: status.stages.map((stage) => (stage.state === 'soaking' ? { ...stage, state: 'done' } : stage)),
  };
}

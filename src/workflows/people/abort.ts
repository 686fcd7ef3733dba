import { readSaidBy } from '../../domain/people/said-by.js';
import type { GoLive } from '../run/go-live.js';
import type { AbortAnswer } from './messages.js';

/** An abort, by signal or update, with whatever payload (playbook §4; promise 2). */
export function abort(goLive: GoLive, payload: unknown): AbortAnswer {
  const { stop, phase, supersession } = goLive;
  const request = readSaidBy(payload);
  const running = goLive.isOpen ? goLive.commands.inFlight : undefined;
  const inFlight = running ? { inFlight: running.step } : {};
  if (goLive.isOver || phase === 'rolling-back' || stop) {
    // The command line sends the update and, where nobody answers it, the signal too: one request, told once.
    if (stop?.kind === 'abort' && stop.reason === request.reason && stop.by === request.by)
      return { accepted: true, phase, ...inFlight, next: 'it is being stopped' };
    const next = goLive.isOver
      ? `this go-live has ended${supersession.by ? `, superseded by ${supersession.by.release}` : ''}; nothing is left to abort`
      : `it is already being stopped: ${stop?.reason}`;
    goLive.hasNoEffect(`abort by ${request.by} (${request.reason}) ignored: ${next}`);
    return { accepted: false, phase, ...inFlight, next };
  }
  goLive.requestStop({ kind: 'abort', ...request });
  return {
    accepted: true,
    phase,
    ...inFlight,
    next: goLive.deploying ? whatNext(goLive) : 'the go-live ends; nothing was deployed',
  };
}

function whatNext({ hypercare, input }: GoLive): string {
  const { foreign } = hypercare;
  return foreign === undefined
    ? `rollback to ${input.previousRelease} starts now`
    : `${foreign} is live: the rollback to ${input.previousRelease} asks first, see the hold foreign-version`;
}

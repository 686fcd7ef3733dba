import type { InjectedSinks } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';
import type { EvidenceSinks } from '../domain/evidence/record.js';
import type { WatchingSinks } from '../domain/watching/report-wanted.js';

/** For a worker that only replays, or whose runs are nobody's: what they decide is kept nowhere. */
export const UNKEPT: InjectedSinks<EvidenceSinks & WatchingSinks & Sinks> = {
  evidence: { decided: { fn: () => undefined }, refused: { fn: () => undefined } },
  watching: { reportWanted: { fn: () => undefined } },
};

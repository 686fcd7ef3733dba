import { environmentOf } from '../run/workflow-id.js';
import type { Remembered } from '../run/remembered.js';
import type { Phase } from '../run/status.js';

/** An open run as the server lists it. */
export interface OpenRun {
  readonly workflowId: string;
  readonly remembered?: Remembered | undefined;
}

export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const PHASES: Readonly<Record<Exclude<Phase, 'ended'>, true>> = {
  scheduled: true,
  preflight: true,
  deploying: true,
  soaking: true,
  verifying: true,
  hypercare: true,
  'rolling-back': true,
  rehearsing: true,
};
/** Anyone with access to the namespace may have written what a run remembers: only what looks like a hold of golive becomes a label. */
const HOLD = /^[a-z][\w.-]{0,79}$/i;

/** How many open runs there are in each environment and phase. A run that has not said its phase yet, or says another, is in the phase `unknown`. */
export const runsByPhase = (runs: readonly OpenRun[]): Labelled[] =>
  labelled(
    runs.map(({ workflowId, remembered }) => ({
      labels: { environment: environmentOf(workflowId), phase: phaseLabel(remembered?.phase) },
      value: 1,
    })),
    (one, other) => one + other,
  );

/** The questions that wait for an answer, of each environment and kind: how many. */
export const holdsOpen = (runs: readonly OpenRun[]): Labelled[] =>
  labelled(
    holdsOf(runs).map(({ labels }) => ({ labels, value: 1 })),
    (one, other) => one + other,
  );

/** How long the oldest of them has waited, in seconds. One whose run doesn't say since when has waited for 0. @param now epoch milliseconds */
export const holdAges = (runs: readonly OpenRun[], now: number): Labelled[] =>
  labelled(
    holdsOf(runs).map(({ labels, openedAt }) => {
      const since = Date.parse(openedAt ?? '');
      return { labels, value: Number.isNaN(since) ? 0 : Math.max(0, now - since) / 1000 };
    }),
    Math.max,
  );

const holdsOf = (runs: readonly OpenRun[]) =>
  runs.flatMap(({ workflowId, remembered }) =>
    (remembered?.holds ?? []).map(({ id, openedAt }) => ({
      labels: { environment: environmentOf(workflowId), hold: holdLabel(id) },
      openedAt,
    })),
  );

const phaseLabel = (phase: string | undefined): string =>
  phase !== undefined && Object.hasOwn(PHASES, phase) ? phase : 'unknown';

/** `unknown-deploy-canary-3` is `unknown-deploy-canary`: each retry would be a label of its own. */
const holdLabel = (id: string): string =>
  HOLD.test(id) ? (id.startsWith('unknown-') ? id.replace(/-\d+$/, '') : id) : 'other';

function labelled(all: readonly Labelled[], both: (one: number, other: number) => number): Labelled[] {
  const found = new Map<string, Labelled>();
  for (const { labels, value } of all) {
    const key = JSON.stringify(labels);
    const before = found.get(key);
    found.set(key, { labels, value: before ? both(before.value, value) : value });
  }
  return [...found.values()];
}

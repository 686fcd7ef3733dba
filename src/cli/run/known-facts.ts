import type { RunView } from './run-view.js';

/** What a run is about and where it is, by whoever still knows: its result, its own answer, what it left with the server, what it was started with. */
export interface KnownFacts {
  readonly release?: string | undefined;
  readonly previous?: string | undefined;
  readonly owner?: string | undefined;
  readonly planHash?: string | undefined;
  /** Its outcome or its phase, or what stands for one. */
  readonly where: string;
  /** Since when it is there, or when it ended; ISO. */
  readonly since?: string | undefined;
}

export function knownFacts(view: RunView): KnownFacts {
  const { status, remembered, input, result } = view;
  return {
    release: result?.release ?? status?.release ?? remembered?.release ?? input?.release,
    previous:
      result?.previousRelease ?? status?.previousRelease ?? remembered?.previousRelease ?? input?.previousRelease,
    owner: status?.decisionOwner ?? remembered?.decisionOwner ?? input?.decisionOwner,
    planHash: result?.planHash ?? status?.planHash,
    where: result?.outcome ?? status?.outcome ?? (view.running ? (status?.phase ?? lastKnown(view)) : ended(view)),
    since: view.running ? (status?.since ?? remembered?.since) : view.endedAt,
  };
}

const lastKnown = (view: RunView) => (view.remembered?.phase ? `last seen ${view.remembered.phase}` : 'not begun');
const ended = ({ remembered, state }: RunView) => endedAs(remembered?.outcome, state);

/** How a run has ended that has left no result: the outcome it left with the server, else the server's own word for it. */
export const endedAs = (outcome: string | undefined, state: string): string =>
  outcome ?? state.toLowerCase().replace('_', ' ');

import type { RunView } from '../run/run-view.js';
import type { ValueHistory } from './value-history.js';

/** What somebody who watches an environment knows, from look to look. Moments are epoch milliseconds of this machine. */
export interface Watched {
  readonly environment: string;
  readonly workflowId: string;
  /** The newest run. While nobody answers its status is the last that was given. */
  readonly view?: RunView;
  /** When that status was given; of a run that has ended, when it was looked at. */
  readonly seenAt?: number;
  readonly silence?: Silence;
  /** There is no run, and none is remembered. */
  readonly none?: true;
  readonly history: ValueHistory;
}

/** Nobody has answered since then. */
export interface Silence {
  readonly since: number;
  readonly of: 'server' | 'worker';
  readonly why: string;
}

/** What one look has brought. */
export type Look =
  | { readonly kind: 'seen'; readonly view: RunView }
  | { readonly kind: 'no run' }
  | { readonly kind: 'no server'; readonly why: string };

import type { SeenRecord } from '../../domain/evidence/record.js';
import type { RunView } from '../run/run-view.js';
import type { QueueBuilds } from '../../temporal/queue-builds.js';
import type { ServerOptions } from '../options/shared-options.js';
import type { ValueHistory } from './value-history.js';

/** What to watch, and who sits in front of it. */
export interface Watch {
  readonly environment: string;
  readonly workflowId: string;
  readonly dryRun: boolean;
  readonly by: string;
  /** Begins with everything that has happened. */
  readonly timeline?: boolean;
  readonly options: ServerOptions;
}

/** What somebody who watches an environment knows, from look to look. Moments are epoch milliseconds of this machine. */
export interface Watched {
  readonly environment: string;
  readonly workflowId: string;
  /** The newest run. While nobody answers its status is the last that was given. */
  readonly view?: RunView;
  /** When that status was given; of a run that has ended, when it was looked at. */
  readonly seenAt?: number;
  readonly silence?: Silence;
  /** A look is under way. */
  readonly waits?: Waits;
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

/** Whose answer a look waits for, and since when. */
export interface Waits {
  readonly of: 'server' | 'worker';
  readonly since: number;
  /** Who polls the queue of the workflow, as the server says. */
  readonly queue?: QueueBuilds;
}

/** What one look has brought. */
export type Look =
  /** `looks`: what the evidence in the home has of before, once. */
  | { readonly kind: 'seen'; readonly view: RunView; readonly looks?: readonly SeenRecord[] }
  | { readonly kind: 'no run' }
  | { readonly kind: 'no server'; readonly why: string };

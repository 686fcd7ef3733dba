import type { Home } from '../../home.js';
import type { TemporalTarget } from '../../temporal/connection.js';

/** A Temporal server, and where its UI is when that is known. */
export interface FoundServer {
  readonly target: TemporalTarget;
  readonly uiUrl?: string;
  /** The log of the server that `golive up` runs. */
  readonly log?: string;
  /** golive's folder on this host, where one of `golive up` would be. */
  readonly home: Home;
}

/** What a command does with a server. */
export interface Purpose {
  /** It begins something, so there may never have been a server before. */
  readonly begins?: boolean;
}

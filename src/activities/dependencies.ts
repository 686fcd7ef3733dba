import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { SeenEvidence } from '../journals/evidence.js';
import type { Ledger } from '../ledger/ledger.js';
import type { PlanStore } from '../plans/plan-store.js';
import type { Environment } from '../plans/variables.js';

/** What the activities of one worker work with. */
export interface Dependencies {
  readonly plans: PlanStore;
  readonly ledger: Ledger;
  /** Where `${VAR}` resolves. */
  readonly environment: Environment;
  readonly client: Client;
  readonly log: Logger;
  /** Where what is seen and done is kept; nowhere, where there is none. */
  readonly evidence?: SeenEvidence | undefined;
  /** Aborted when the worker begins to shut down: watching returns at once what it has seen. */
  readonly shutdown: AbortSignal;
}

import { join, resolve } from 'node:path';

/** Where a golive keeps its things on this host: `GOLIVE_HOME`, else `.golive` in the working directory. */
export interface Home {
  readonly folder: string;
  /** The command ledger. It must be on a disk of this host that survives the worker. */
  readonly ledger: string;
  readonly plans: string;
  readonly announcements: string;
  /** What its runs have seen, decided and done. */
  readonly evidence: string;
  /** How far the worker's keeper is with each of them. */
  readonly keeping: string;
  /** What the worker's watchdog has paged. */
  readonly alarms: string;
  /** The embedded server's state, for `golive up`. */
  readonly database: string;
  readonly log: string;
}

export function homeAt(folder: string): Home {
  const at = resolve(folder);
  return {
    folder: at,
    ledger: join(at, 'ledger'),
    plans: join(at, 'plans'),
    announcements: join(at, 'announcements.jsonl'),
    evidence: join(at, 'evidence'),
    keeping: join(at, 'keeping.json'),
    alarms: join(at, 'alarms.json'),
    database: join(at, 'temporal.db'),
    log: join(at, 'golive.log'),
  };
}

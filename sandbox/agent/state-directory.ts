import { join } from 'node:path';

/** Where everything lies in the sandbox's state directory. */
export interface StateDirectory {
  dir: string;
  info: string;
  settings: string;
  database: string;
  artifacts: string;
  checkout: string;
  /** A second work tree at the release that was live when the newest one was offered: what a rollback's smoke runs in. */
  previousCheckout: string;
  bin: string;
  journal: string;
  log: string;
}

export function stateDirectory(dir: string): StateDirectory {
  return {
    dir,
    info: join(dir, 'sandbox.json'),
    settings: join(dir, 'settings.json'),
    database: join(dir, 'database.json'),
    artifacts: join(dir, 'artifacts'),
    checkout: join(dir, 'checkout'),
    previousCheckout: join(dir, 'previous'),
    bin: join(dir, 'bin'),
    journal: join(dir, 'deploy-journal.jsonl'),
    log: join(dir, 'fleet.log'),
  };
}

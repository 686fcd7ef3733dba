import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import { Workshop } from '../support/workshop.js';

/** One workshop for each kind of server in this process, opened when it is first asked for. */
export class Workshops {
  readonly #open = new Map<string, Promise<Workshop>>();

  of(settings: DynamicConfig): Promise<Workshop> {
    const kind = JSON.stringify(settings);
    const open = this.#open.get(kind) ?? Workshop.open(settings);
    this.#open.set(kind, open);
    return open;
  }

  /** The processes of its servers. */
  async servers(): Promise<number[]> {
    return (await Promise.all(this.#open.values())).map(({ server }) => server.pid);
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(async (workshop) => (await workshop).close()));
  }
}

const ALL = Symbol.for('golive.workshops');
const known = globalThis as { [ALL]?: Workshops };

/** This process's workshops. */
export function workshops(): Workshops {
  known[ALL] ??= endWithProcess(new Workshops());
  return known[ALL];
}

/** The servers that this process's test files share. */
export async function sharedServers(): Promise<number[]> {
  return (await known[ALL]?.servers()) ?? [];
}

/** Closes what this process has opened, if anything. */
export async function closeWorkshops(): Promise<void> {
  await known[ALL]?.close();
}

const END = 2;

/** Jest lets a worker's process end by itself, which one with an open connection doesn't, or sends it TERM: both end it, and with it its servers. */
function endWithProcess(made: Workshops): Workshops {
  process.once('SIGTERM', () => process.exit(143));
  process.on('message', (message) => {
    if (Array.isArray(message) && message[0] === END) process.exit(0);
  });
  return made;
}

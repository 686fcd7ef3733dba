import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { ListenAddress } from '../receiver/listen-address.js';
import { servePages } from './page-server.js';

/** The pages of this host's evidence, while they are served. */
export interface Pages {
  /** `http://127.0.0.1:8234/` */
  readonly address: string;
  stop(): Promise<void>;
}

interface Order {
  readonly pages: { readonly folder: string; readonly listen: ListenAddress };
}

/** So much may a page need: evidence of days is read whole. */
const MOST_MB = 1_024;

/**
 * Serves the pages from a thread of its own: to read the evidence of days takes seconds, and a worker's rollback must not wait for it. Rejects when the
 * address is taken. A thread that dies ends the pages alone.
 */
export async function startPages(
  folder: string,
  listen: ListenAddress,
  died: (error: unknown) => void,
): Promise<Pages> {
  const order: Order = { pages: { folder, listen } };
  const thread = new Worker(new URL(import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
  });
  const address = await new Promise<string>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  thread.removeAllListeners('error').on('error', died);
  thread.unref();
  return { address, stop: async () => void (await thread.terminate()) };
}

if (!isMainThread && (workerData as Order | null)?.pages) {
  const { folder, listen } = (workerData as Order).pages;
  const { address } = await servePages(folder, listen);
  parentPort?.postMessage(address);
}

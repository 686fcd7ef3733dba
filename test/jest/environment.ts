import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';
import type { OfJestWorker } from '../support/of-jest-worker.js';

/** Where Temporal's SDK keeps the context of the activity that runs, so that its copies share it. */
const CONTEXTS = Symbol.for('__temporal_activity_context_storage__');
const contexts = ((globalThis as { [CONTEXTS]?: AsyncLocalStorage<unknown> })[CONTEXTS] ??= new AsyncLocalStorage());

/** Node's environment, with what outlives a test file: this module is loaded once in a jest worker, each test file in a world of its own. */
export default class Environment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    const golive: OfJestWorker = { workshops: async () => (await import('./workshops.js')).workshops(), endings: [] };
    Object.assign(this.global, { golive, [CONTEXTS]: contexts });
  }
}

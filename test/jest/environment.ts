import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import type { OfJestWorker } from '../support/of-jest-worker.js';
import { endLeftProcesses } from './left-processes.js';

/** Where Temporal's SDK keeps the context of the activity that runs, so that its copies share it. */
const CONTEXTS = Symbol.for('__temporal_activity_context_storage__');
const contexts = ((globalThis as { [CONTEXTS]?: AsyncLocalStorage<unknown> })[CONTEXTS] ??= new AsyncLocalStorage());

/**
 * Node's environment, with what outlives a test file: this module is loaded once in a jest worker, each test file in a world of its own.
 * Each has a temporary folder of its own, by which the processes it starts are known: one that is left fails it.
 */
export default class Environment extends TestEnvironment {
  readonly #around = tmpdir();
  #folder = '';

  override async setup(): Promise<void> {
    await super.setup();
    this.#folder = await mkdtemp(path.join(this.#around, 'golive-test-'));
    this.#temporaryFolder(this.#folder);
    const golive: OfJestWorker = { workshops: async () => (await import('./workshops.js')).workshops(), endings: [] };
    Object.assign(this.global, { golive, [CONTEXTS]: contexts });
  }

  /** Jest's events. What is in `unhandledErrors` at the last one fails the file. */
  async handleTestEvent({ name }: { name: string }, state: { unhandledErrors: unknown[] }): Promise<void> {
    if (name !== 'run_finish') return;
    const left = await endLeftProcesses(this.#folder);
    if (left) state.unhandledErrors.push(left);
  }

  override async teardown(): Promise<void> {
    this.#temporaryFolder(this.#around);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    await super.teardown();
  }

  /** Node's own modules look at the process's environment, a test file's children get that of its world. */
  #temporaryFolder(folder: string): void {
    process.env['TMPDIR'] = folder;
    this.global.process.env['TMPDIR'] = folder;
  }
}

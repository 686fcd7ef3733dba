import { join } from 'node:path';
import { CommandDirectory } from './command-directory.js';
import { commandTree } from './command-tree.js';
import { createFleetingDirectory } from '../durable-file.js';
import { type HeldLock, NumberedLock } from './numbered-lock.js';

/** Why an environment is busy, or the lock number after which it can be taken. */
type EnvironmentState = { busy: true; command: string; heldBy: string } | { busy: false; number: number };

/** One environment, one command: the lock a supervisor holds from before its command starts until its result is written. */
export class EnvironmentLock {
  readonly #lock: NumberedLock;

  constructor(
    readonly root: string,
    readonly hostId: string,
    environment: string,
  ) {
    this.#lock = new NumberedLock(environmentDirectory(root, environment));
  }

  /**
   * More than the lock decides: a command that has its result (or a person's decision) holds nothing, even if its supervisor had no time to
   * release; one whose supervisor died holds the environment as long as processes of it run.
   */
  async state(): Promise<EnvironmentState> {
    const view = await this.#lock.view();
    if (!view.owner || (view.state === 'free' && view.released)) return { busy: false, number: view.number };
    const directory = new CommandDirectory(this.root, view.owner.command);
    // The result last, because it outranks the others.
    const [settled, started] = await Promise.all([directory.read('settled'), directory.read('started')]);
    const result = await directory.read('result');
    if (result || settled) return { busy: false, number: view.number };
    const name = directory.command;
    if (view.state === 'held')
      return { busy: true, command: name, heldBy: `${name}, which process ${view.owner.pid} supervises` };
    if (view.state === 'unseen')
      return { busy: true, command: name, heldBy: `${name}: ${view.why}; make sure that it has ended and settle it` };
    if (!started) return { busy: false, number: view.number };
    const alive = await (await commandTree(directory, this.hostId, true)).survivors();
    if (alive.length === 0) return { busy: false, number: view.number };
    return {
      busy: true,
      command: name,
      heldBy: `${name}, whose supervisor is gone while its processes ${alive.join(', ')} still run`,
    };
  }

  /** Whether the lock seems held by this command, so that only the command's records tell that it is over. */
  async dependsOn(command: string): Promise<boolean> {
    const view = await this.#lock.view();
    return view.state !== 'free' && view.owner.command === command;
  }

  /** @returns the lock, or undefined if the environment is busy or another one was quicker */
  async tryTake(command: string): Promise<HeldLock | undefined> {
    await createFleetingDirectory(this.#lock.directory);
    const state = await this.state();
    return state.busy ? undefined : this.#lock.takeAfter(state.number, 'supervisor', command);
  }
}

/** Environment names are the operator's own: whatever is in them becomes one directory's name. */
export function environmentDirectory(root: string, environment: string): string {
  return join(root, 'environments', encodeURIComponent(environment).replaceAll('.', '%2E'));
}

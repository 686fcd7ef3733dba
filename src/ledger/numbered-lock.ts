import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createFleeting, namesIn, readWhole } from '../durable-file.js';
import { identityOf, livenessOf, type ProcessIdentity } from './process-identity.js';

/** Who holds a lock and what for. */
export interface LockOwner extends ProcessIdentity {
  /** `supervisor` runs the command; `decision` only decides what became of it. */
  readonly role: 'supervisor' | 'decision';
  /** The command's place below the ledger's `runs/`. */
  readonly command: string;
}

export type LockView =
  | { state: 'free'; number: number; owner?: LockOwner; released: boolean; why: string }
  | { state: 'held'; number: number; owner: LockOwner }
  | { state: 'unseen'; number: number; owner: LockOwner; why: string };

/**
 * A lock between processes out of plain files, because Node has no flock(2): a chain `lock.1`, `lock.2`, … of which the highest
 * counts. It is held while its owner lives and has not put `lock.<n>.released` beside it. Taking it means creating the next number, which
 * succeeds for one only. The highest is never deleted, so two can't take over from the same dead owner. Nothing of it is flushed to the disk:
 * after a crash of the machine no owner lives.
 */
export class NumberedLock {
  constructor(readonly directory: string) {}

  async view(): Promise<LockView> {
    for (;;) {
      const number = await this.highest();
      if (number === 0) return { state: 'free', number, released: false, why: 'it was never taken' };
      const [text, released] = await Promise.all([
        readWhole(this.#file(number)),
        readWhole(`${this.#file(number)}.released`),
      ]);
      if (text === undefined) {
        // A crash of the machine has taken the lock and left this: whoever took the number again would seem to have released it.
        if (released !== undefined && (await this.highest()) === number)
          return { state: 'free', number, released: true, why: 'it was released' };
        continue; // removed by a sweep: there is a higher one
      }
      const owner = parseOwner(text);
      // Lock files appear whole or not at all while the machine is up: one that can't be read is left from a power cut.
      if (!owner)
        return {
          state: 'free',
          number,
          released: false,
          why: `${this.#file(number)} is unreadable, left from a crash of the machine`,
        };
      if (released !== undefined) return { state: 'free', number, owner, released: true, why: 'it was released' };
      const life = await livenessOf(owner);
      if (life.state === 'dead') return { state: 'free', number, owner, released: false, why: life.why };
      if (life.state === 'unseen') return { state: 'unseen', number, owner, why: life.why };
      return { state: 'held', number, owner };
    }
  }

  /**
   * Takes the lock if it is free. @returns undefined if another one holds it or was quicker
   * @param room a reserve (see `reserve`) that lets it be taken on a full disk
   */
  async tryTake(role: LockOwner['role'], command: string, room?: string): Promise<HeldLock | undefined> {
    const view = await this.view();
    return view.state === 'free' ? this.takeAfter(view.number, role, command, room) : undefined;
  }

  /** Takes the lock as the successor of number `previous`, which the caller has found to be free. */
  async takeAfter(
    previous: number,
    role: LockOwner['role'],
    command: string,
    room?: string,
  ): Promise<HeldLock | undefined> {
    const identity = await identityOf();
    if (!identity)
      throw new Error(`This process (${process.pid}) does not see itself in the process table: is /proc mounted?`);
    const number = previous + 1;
    const owner: LockOwner = { ...identity, role, command };
    if (!(await createFleeting(this.#file(number), JSON.stringify(owner), room))) return undefined;
    // Someone slow could create a number that a sweep has removed; only the highest counts.
    return (await this.highest()) === number ? new HeldLock(this.#file(number)) : undefined;
  }

  /** The highest number taken so far, 0 if none. */
  async highest(): Promise<number> {
    return Math.max(0, ...numbersIn(await namesIn(this.directory), /^lock\.([1-9]\d*)(?:\.released)?$/));
  }

  #file(number: number): string {
    return join(this.directory, `lock.${number}`);
  }
}

/** All numbers taken so far and not swept away. */
export async function lockNumbers(directory: string): Promise<number[]> {
  return numbersIn(await namesIn(directory), /^lock\.([1-9]\d*)$/);
}

const numbersIn = (names: readonly string[], pattern: RegExp): number[] =>
  names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);

export class HeldLock {
  constructor(readonly path: string) {}

  /** An empty file: creating it is one step, and after a crash of the machine the owner is dead anyway. */
  async release(): Promise<void> {
    await (await open(`${this.path}.released`, 'w', 0o600)).close();
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<LockOwner> | null;
    const complete =
      owner &&
      Number.isInteger(owner.pid) &&
      owner.startTime &&
      owner.bootId &&
      owner.pidNamespace &&
      owner.role &&
      owner.command;
    return complete ? (owner as LockOwner) : undefined;
  } catch {
    return undefined;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CommandKey } from '../../src/ledger/command-key.js';
import type { CommandSpec } from '../../src/ledger/ledger.js';
import type { Supervisors } from './ledger-fixture.js';

const CALLER = fileURLToPath(new URL('caller.js', import.meta.url));

/** Starts a caller in a process of its own, which can be killed. */
export function startCaller(
  root: string,
  key: CommandKey,
  spec: CommandSpec,
  supervisors: Supervisors = 'started',
): ChildProcess {
  return spawn(process.execPath, [CALLER, root, JSON.stringify(key), JSON.stringify(spec), supervisors], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Kills it with -9 and waits until it is gone. */
export async function killCaller(caller: ChildProcess): Promise<void> {
  const gone = caller.exitCode === null && caller.signalCode === null ? once(caller, 'exit') : undefined;
  caller.kill('SIGKILL');
  await gone;
}

/** Numbers from 0 to 1 that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

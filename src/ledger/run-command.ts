import { setTimeout as pause } from 'node:timers/promises';
import type { CommandDirectory } from './command-directory.js';
import type { CommandOutcome } from './command-outcome.js';
import { checkSpec, type CommandSpec } from './command-spec.js';
import { isDiskFull, readWhole } from '../durable-file.js';
import { EnvironmentLock } from './environment-lock.js';
import type { HeldLock } from './numbered-lock.js';
import { observe, type Observation, outcomeOf } from './observation.js';
import type { ReadySupervisors } from './ready-supervisors.js';
import { type LaunchedSupervisor, launchSupervisor } from './supervisor-launch.js';
import { SUPERVISOR_EXIT } from './supervisor-order.js';

/** A supervisor that ends without a trace this often in a row won't do better the next time. */
const LAUNCHES = 3;
/** How long one that waited ready may take to come to its lock (somebody may have stopped it); then another one is started beside it, which is safe. */
const READY_PATIENCE_MS = 2_000;
/** How long someone else may take to decide about an unknown outcome. */
const DECISION_PATIENCE_MS = 2_000;

interface OrderedSupervisor extends LaunchedSupervisor {
  /** From when on, by `performance.now()`, another one is started beside it should it not have come to its lock. */
  readonly overdueAt: number;
}

/**
 * Runs a command, or waits for its run, or returns what became of it: safe at any time, several times at once and after any death.
 * The spec counts only if nothing was started for this key: that is decided by the supervisor, under the key's lock. A worker that comes back with
 * another variable or working directory sees the run through that there is.
 * The signal ends only the waiting: it rejects with the signal's reason.
 */
export async function runCommand(
  directory: CommandDirectory,
  hostId: string,
  spec: CommandSpec,
  { signal, ready }: { signal?: AbortSignal | undefined; ready?: ReadySupervisors | undefined } = {},
): Promise<CommandOutcome> {
  const patience = new Patience(signal);
  const environment = new EnvironmentLock(directory.root, hostId, spec.environment);
  let launched: OrderedSupervisor | undefined;
  for (let launches = 0, first = true; ; first = false) {
    signal?.throwIfAborted();
    // Side by side where a command waits for both; who waits for one that runs needs only the other.
    const looked = first ? environment.state() : undefined;
    looked?.catch(() => undefined); // told where it is needed
    const seen = await observe(directory, hostId);
    if (seen.state === 'unknown') {
      const decided = await decideUnknown(directory, hostId, seen);
      if (decided) return decided;
    } else if (seen.state !== 'authorised') {
      const outcome = outcomeOf(seen, directory.command);
      if (outcome) return outcome;
    } else if (!launched || performance.now() > launched.overdueAt) {
      checkSpec(directory.command, spec);
      const found = await (looked ?? environment.state());
      if (!found.busy) {
        if (launches === LAUNCHES) throw await supervisorFailed(directory);
        launches += 1;
        // One that waited may have been harmed meanwhile: only the first try is left to it.
        launched = await launch(directory, hostId, spec, launches === 1 ? ready : undefined);
      } else if (found.command !== directory.command) {
        return { kind: 'busy', heldBy: found.heldBy };
      } // else another attempt's supervisor has come this far since we looked: look again
    }
    const exit = await patience.pause(seen.state, launched?.exited);
    if (exit === undefined) continue;
    launched = undefined;
    if (exit === SUPERVISOR_EXIT.diskFull) await revokeForFullDisk(directory);
    // Another supervisor was quicker, or the environment was busy a moment ago: no failures. Both are looked at again above.
    if (exit === SUPERVISOR_EXIT.environmentBusy || exit === SUPERVISOR_EXIT.done) launches = 0;
  }
}

async function launch(
  directory: CommandDirectory,
  hostId: string,
  spec: CommandSpec,
  ready: ReadySupervisors | undefined,
): Promise<OrderedSupervisor | undefined> {
  const order = { root: directory.root, hostId, command: directory.command, spec };
  try {
    const waiting = ready?.take(order);
    if (waiting) return { ...waiting, overdueAt: performance.now() + READY_PATIENCE_MS };
    return { ...(await launchSupervisor(directory, order)), overdueAt: Infinity };
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await revokeForFullDisk(directory);
    return undefined;
  }
}

/**
 * Makes "nothing was started, because the disk is full" final: the same fence as a stop's. Should a supervisor have come past its start, then
 * the caller, who looks again, sees that.
 */
async function revokeForFullDisk(directory: CommandDirectory): Promise<void> {
  const reason = `Nothing ran: the disk that holds the ledger (${directory.root}) is full. Free some space there and decide again.`;
  await directory.record('revoked', { cause: 'not-started', reason, at: new Date().toISOString() });
}

/** "Unknown" is said only while holding the lock. @returns undefined if someone else has it: look again */
async function decideUnknown(
  directory: CommandDirectory,
  hostId: string,
  seen: Observation,
): Promise<CommandOutcome | undefined> {
  // A person has decided already; a supervisor that hangs with the lock in its hands is nobody to wait for.
  if (seen.state === 'unknown' && seen.settled) return outcomeOf(seen, directory.command);
  for (const until = performance.now() + DECISION_PATIENCE_MS; performance.now() < until; await pause(20)) {
    const view = await directory.lock.view();
    if (view.state === 'unseen') return outcomeOf(await observe(directory, hostId), directory.command);
    if (view.state === 'held' && view.owner.role === 'supervisor') return undefined;
    const lock = await takeForDecision(directory);
    if (lock === 'no room') break;
    if (!lock) continue;
    try {
      return outcomeOf(await observe(directory, hostId, true), directory.command);
    } finally {
      await lock.release();
    }
  }
  // The disk is full, or whoever holds the lock hangs while deciding the same. Nothing starts once `started` is there, and the supervisor was
  // gone before the result was looked for, so what was seen holds without the lock.
  return outcomeOf(seen, directory.command);
}

async function takeForDecision(directory: CommandDirectory): Promise<HeldLock | 'no room' | undefined> {
  try {
    return await directory.lock.tryTake('decision', directory.command);
  } catch (error) {
    if (isDiskFull(error)) return 'no room';
    throw error;
  }
}

async function supervisorFailed(directory: CommandDirectory): Promise<Error> {
  const log = (await readWhole(directory.file('supervisor.log')))?.trim().slice(-1_000);
  return new Error(
    `The supervisor of ${directory.command} ended ${LAUNCHES} times before it could start the command, so nothing ran. ` +
      `It said: ${log ? log : 'nothing'} (${directory.file('supervisor.log')}). Correct that; the same command is then tried again.`,
  );
}

/** Waits longer and longer while nothing changes, but no longer than the launched supervisor lives or the signal allows. */
class Patience {
  #state = '';
  #milliseconds = 0;
  #woken = new AbortController();

  constructor(signal?: AbortSignal) {
    signal?.addEventListener('abort', () => this.#woken.abort(), { once: true });
  }

  /** @returns the exit code of the supervisor, -1 if a signal ended it, or undefined if time has passed */
  async pause(state: string, exited?: Promise<number | null>): Promise<number | undefined> {
    this.#milliseconds = state === this.#state ? Math.min(this.#milliseconds * 1.5, 250) : 5;
    this.#state = state;
    const woken = (this.#woken = new AbortController());
    const timer = pause(this.#milliseconds, undefined, { signal: woken.signal }).catch(() => undefined);
    try {
      return await Promise.race([timer, ...(exited ? [exited.then((code) => code ?? -1)] : [])]);
    } finally {
      woken.abort();
    }
  }
}

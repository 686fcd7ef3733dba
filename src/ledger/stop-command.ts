import { setTimeout as pause } from 'node:timers/promises';
import type { CommandDirectory } from './command-directory.js';
import type { FinalOutcome, StopOutcome } from './command-outcome.js';
import { commandTree } from './command-tree.js';
import { observe } from './observation.js';
import { livenessOf, signalProcess } from './process-identity.js';

/** How long a living supervisor gets to write its result after its command has ended. */
const SUPERVISOR_PATIENCE_MS = 1_000;
/** What a tree forks while it is being ended is caught in the next round. */
const ROUNDS = 3;

/**
 * The fence: after it nothing starts under this key, and what had started is ended (TERM, `graceMs`, KILL), whether its supervisor lives, hangs
 * or is dead. May be called again at any time, also several times at once.
 */
export async function stopCommand(directory: CommandDirectory, hostId: string, graceMs: number): Promise<StopOutcome> {
  const authorised = await directory.read('authorised');
  await directory.create();
  // First `revoked`, then a look at `started`; the supervisor does it the other way round, so at least one sees the other.
  await directory.record('revoked', { cause: 'stop', reason: 'stopped', at: new Date().toISOString() });
  const started = await directory.read('started');
  const before = await recordedOutcome(directory, hostId);
  if (before) return concluded(before);

  let found = false;
  for (let round = 1; ; round++) {
    const ended = await (await commandTree(directory, hostId)).end(graceMs);
    found ||= ended.found;
    const hidden = await retireSupervisor(directory);
    const survivors = await (await commandTree(directory, hostId)).survivors();
    if (survivors.length === 0 && hidden === undefined) break;
    if (round < ROUNDS && hidden === undefined) continue;
    const why = hidden ?? `processes ${survivors.join(', ')} of it survived KILL`;
    const outcome = await recordedOutcome(directory, hostId);
    return { state: 'unproven', ...(outcome && { outcome }), survivors, why };
  }
  if (!authorised) {
    return { state: 'unproven', survivors: [], why: `the ledger had no directory of ${directory.command}; nothing of it runs on this host and nothing will start` };
  }
  // Looked at again: a supervisor that was on its way may have written it, although it then saw `revoked`.
  if (!started && !(await directory.read('started'))) return { state: 'never-started', outcome: { kind: 'stopped', ran: 'no' }, survivors: [] };
  return concluded(await concludeStopped(directory, hostId, found));
}

function concluded(outcome: FinalOutcome): StopOutcome {
  if (outcome.kind !== 'stopped') return { state: 'ended-before', outcome, survivors: [] };
  return { state: outcome.ran === 'no' ? 'never-started' : 'stopped', outcome, survivors: [] };
}

async function recordedOutcome(directory: CommandDirectory, hostId: string): Promise<FinalOutcome | undefined> {
  const seen = await observe(directory, hostId, true);
  return seen.state === 'finished' ? seen.outcome : undefined;
}

/**
 * Waits until no supervisor has the command's lock; one that has it still when its command is long over hangs (or was stopped with SIGSTOP) and is
 * killed. One that has not started the command holds the environment's lock in vain: the same.
 * @returns why it can't be known, if its process is hidden from here
 */
async function retireSupervisor(directory: CommandDirectory): Promise<string | undefined> {
  const start = performance.now();
  for (let wait = 5; ; wait = Math.min(wait * 1.5, 50)) {
    const view = await directory.lock.view();
    if (view.state === 'unseen') return view.why;
    if (view.state === 'free' || view.owner.role !== 'supervisor') return undefined;
    if (performance.now() - start > SUPERVISOR_PATIENCE_MS) {
      await signalProcess(view.owner, 'SIGKILL');
      // A process in an uninterruptible wait may take its time to die; what it supervised is looked at again by the caller.
      if (performance.now() - start > 2 * SUPERVISOR_PATIENCE_MS) return `its supervisor (process ${view.owner.pid}) survived KILL`;
    }
    await pause(wait);
  }
}

/** Writes down, under the lock, that the command was stopped, unless its supervisor has had the last word. */
async function concludeStopped(directory: CommandDirectory, hostId: string, found: boolean): Promise<FinalOutcome> {
  for (;;) {
    const outcome = await recordedOutcome(directory, hostId);
    if (outcome) return outcome;
    const lock = await directory.lock.tryTake('decision', directory.command);
    if (lock) {
      try {
        const started = await directory.read('started');
        const times = started && { startedAt: started.at, endedAt: new Date().toISOString() };
        await directory.record('result', { outcome: { kind: 'stopped', ran: found ? 'yes' : 'perhaps', ...times } });
        await directory.giveBackRoom();
      } finally {
        await lock.release();
      }
      continue;
    }
    const view = await directory.lock.view();
    // Someone else decides the same at this moment; should they hang, their lock is still theirs, and the caller tries again.
    if (view.state === 'held' && (await livenessOf(view.owner)).state === 'alive') await pause(20);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { CommandDirectory } from './command-directory.js';
import type { FinalOutcome, StopOutcome } from './command-outcome.js';
import { commandTree } from './command-tree.js';
import { doubtAbout, orphansOf } from './orphans.js';
import { recordedOutcome } from './observation.js';
import { signalProcess } from './process-identity.js';

/** How long a living supervisor gets to write its result after its command has ended. */
const SUPERVISOR_PATIENCE_MS = 1_000;
/** How long someone else may take to decide about the same command. */
const DECISION_PATIENCE_MS = 2_000;

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
  const before = await recordedOutcome(directory);
  if (before) return proven(directory, before);

  const { found, survivors, why } = await endEverything(directory, hostId, graceMs);
  if (why !== undefined) {
    return unproven(directory, survivors, why);
  }
  if (!authorised) {
    return unproven(
      directory,
      [],
      `the ledger had no directory of ${directory.command}; nothing of it runs on this host and nothing will start`,
    );
  }
  // Looked at again: a supervisor that was on its way may have written it, although it then saw `revoked`.
  if (!started && !(await directory.read('started')))
    return { state: 'never-started', outcome: { kind: 'stopped', ran: 'no' }, survivors: [] };
  return proven(directory, await concludeStopped(directory, found));
}

/** Kept, because it is what lets a person settle the command. */
async function unproven(directory: CommandDirectory, survivors: readonly number[], why: string): Promise<StopOutcome> {
  await directory.record('unproven', { why, survivors, at: new Date().toISOString() });
  const outcome = await recordedOutcome(directory);
  return { state: 'unproven', ...(outcome && { outcome }), survivors, why };
}

/** Nothing that carries a mark of it is left; what may be of it without one is a doubt. */
async function proven(directory: CommandDirectory, outcome: FinalOutcome): Promise<StopOutcome> {
  if (outcome.kind !== 'stopped' || outcome.ran === 'no') return concluded(outcome);
  const orphans = await orphansOf(directory, Date.parse(outcome.endedAt ?? '') || Date.now());
  if (orphans.length === 0) return concluded(outcome);
  return unproven(
    directory,
    orphans.map(({ pid }) => pid),
    doubtAbout(orphans),
  );
}

function concluded(outcome: FinalOutcome): StopOutcome {
  if (outcome.kind !== 'stopped') return { state: 'ended-before', outcome, survivors: [] };
  return { state: outcome.ran === 'no' ? 'never-started' : 'stopped', outcome, survivors: [] };
}

/**
 * Ends the command's tree, again and again until no supervisor is left that could start or be starting something. A supervisor that has its lock
 * long after its command is over hangs (or was stopped with SIGSTOP) and is killed; one that has not started the command holds the environment's
 * lock in vain: the same.
 * @returns whether there was anything to end, and `why` it can't be said that all has ended
 */
async function endEverything(
  directory: CommandDirectory,
  hostId: string,
  graceMs: number,
): Promise<{ found: boolean; survivors: number[]; why?: string }> {
  let found = false;
  let patienceEnds = performance.now() + SUPERVISOR_PATIENCE_MS;
  for (let wait = 5; ; wait = Math.min(wait * 1.5, 50)) {
    const ended = await (await commandTree(directory, hostId, false)).end(graceMs);
    found ||= ended.found;
    const { survivors } = ended;
    if (survivors.length > 0) return { found, survivors, why: `processes ${survivors.join(', ')} of it survived KILL` };
    // A supervisor that has ended its command deserves the time to write the result.
    if (ended.found) patienceEnds = performance.now() + SUPERVISOR_PATIENCE_MS;

    const view = await directory.lock.view();
    if (view.state === 'unseen') return { found, survivors, why: view.why };
    if (view.state === 'free' || view.owner.role !== 'supervisor') break;
    const overdueMs = performance.now() - patienceEnds;
    if (overdueMs > SUPERVISOR_PATIENCE_MS)
      return { found, survivors: [view.owner.pid], why: `its supervisor (process ${view.owner.pid}) survived KILL` };
    if (overdueMs > 0) await signalProcess(view.owner, 'SIGKILL');
    await pause(wait);
  }
  // No supervisor is in charge: one that still carries its mark is late and would find the command revoked, or is a command just being started.
  const started = await directory.read('started');
  const result = await directory.read('result');
  const last =
    started && !result ? await (await commandTree(directory, hostId, true)).end(0) : { found: false, survivors: [] };
  found ||= last.found;
  return {
    found,
    survivors: last.survivors,
    ...(last.survivors.length > 0 && { why: `processes ${last.survivors.join(', ')} of it survived KILL` }),
  };
}

/** Writes down, under the lock, that the command was stopped, unless its supervisor has had the last word. */
async function concludeStopped(directory: CommandDirectory, found: boolean): Promise<FinalOutcome> {
  for (const until = performance.now() + DECISION_PATIENCE_MS; performance.now() < until; await pause(20)) {
    const written = await recordedOutcome(directory);
    if (written) return written;
    const lock = await directory.lock.tryTake('decision', directory.command, directory.stopLockRoom);
    if (!lock) continue; // someone else decides the same at this moment
    try {
      const outcome = await recordedOutcome(directory);
      if (outcome) return outcome;
      const started = await directory.read('started');
      const times = started && { startedAt: started.at, endedAt: new Date().toISOString() };
      const stopped: FinalOutcome = { kind: 'stopped', ran: found ? 'yes' : 'perhaps', ...times };
      await directory.record('result', { outcome: stopped });
      await directory.giveBackRoom();
      return stopped;
    } finally {
      await lock.release();
    }
  }
  const view = await directory.lock.view();
  const holder = view.state === 'free' ? 'someone' : `process ${view.owner.pid}`;
  throw new Error(
    `${directory.command} is revoked and nothing of it runs, but ${holder} holds ${directory.path} and does not let go. End it, then stop again.`,
  );
}

import type { CommandDirectory, CommandRecords } from './command-directory.js';
import type { CommandOutcome, FinalOutcome } from './command-outcome.js';
import { commandTree } from './command-tree.js';
import type { LockView } from './numbered-lock.js';
import { livenessOf } from './process-identity.js';

/** What a command's directory says, without touching anything. */
export type Observation =
  | { state: 'missing' }
  /** Nothing started, nothing on its way. */
  | { state: 'authorised' }
  /** A supervisor has the lock; it has not come to the start yet. */
  | { state: 'starting'; supervisor: number }
  | { state: 'running'; supervisor: number; startedAt: string }
  | { state: 'revoked'; outcome: FinalOutcome }
  | { state: 'finished'; outcome: FinalOutcome }
  | { state: 'unknown'; why: string; alive: readonly number[]; settled?: CommandRecords['settled'] };

/**
 * Looks at a command. The order of looking is what makes it right: the lock before everything else, so that whatever its owner wrote before it
 * died is seen; `revoked` before `started`, so that "revoked and not started" can't become a start; `result` last, because it outranks all.
 * @param ownLock the caller holds the command's lock itself
 */
export async function observe(directory: CommandDirectory, hostId: string, ownLock = false): Promise<Observation> {
  const lock: LockView | undefined = ownLock ? undefined : await directory.lock.view();
  const revoked = await directory.read('revoked');
  const started = await directory.read('started');
  const outcome = await recordedOutcome(directory);
  if (outcome) return { state: 'finished', outcome };
  if (!(await directory.read('authorised'))) return { state: 'missing' };
  if (revoked && !started) return { state: 'revoked', outcome: revokedOutcome(revoked) };
  const settled = await directory.read('settled');
  // A person has decided not to wait for a supervisor that is in charge of something a stop could not end.
  if (!settled && lock?.state === 'held' && lock.owner.role === 'supervisor') {
    const supervisor = lock.owner.pid;
    return started ? { state: 'running', supervisor, startedAt: started.at } : { state: 'starting', supervisor };
  }
  if (!started && !settled && lock?.state !== 'unseen') return { state: 'authorised' };
  const alive = await (await commandTree(directory, hostId, true)).survivors();
  const why = lock?.state === 'unseen' ? lock.why : await whyNobodyKnows(directory, started);
  return { state: 'unknown', why: `${why}, and there is no result`, alive, ...(settled && { settled }) };
}

async function whyNobodyKnows(
  directory: CommandDirectory,
  started: CommandRecords['started'] | undefined,
): Promise<string> {
  if (!started)
    return `${directory.command} has not started, as far as this ledger knows, and does not any more since a person has decided about it`;
  const unproven = await directory.read('unproven');
  if (unproven)
    return `${directory.command} was started at ${started.at} and stopped, but not proven to have ended: ${unproven.why}`;
  const life = await livenessOf(started.supervisor);
  return `${directory.command} was started at ${started.at}; its supervisor left${life.state === 'alive' ? '' : `: ${life.why}`}`;
}

export function revokedOutcome(revoked: CommandRecords['revoked']): FinalOutcome {
  return revoked.cause === 'not-started'
    ? { kind: 'not-started', reason: revoked.reason }
    : { kind: 'stopped', ran: 'no' };
}

/** The outcome in the command's result, if there is one. */
export async function recordedOutcome(directory: CommandDirectory): Promise<FinalOutcome | undefined> {
  const result = await directory.read('result');
  return result && withPaths(directory, result.outcome);
}

/** In the records outputs are file names, so that a ledger can be moved; callers get absolute paths. */
function withPaths(directory: CommandDirectory, outcome: FinalOutcome): FinalOutcome {
  if (!('stdout' in outcome) || !outcome.stdout || !outcome.stderr) return outcome;
  const { stdout, stderr } = outcome;
  return {
    ...outcome,
    stdout: { ...stdout, path: directory.file(stdout.path) },
    stderr: { ...stderr, path: directory.file(stderr.path) },
  };
}

/** The outcome of a command about which nothing more will become known, or undefined while it may. */
export function outcomeOf(seen: Observation, command: string): CommandOutcome | undefined {
  switch (seen.state) {
    case 'finished':
    case 'revoked':
      return seen.outcome;
    case 'missing':
      return {
        kind: 'unknown',
        why: `the ledger has no directory of ${command} although it was authorised: it was lost, or this is another host's ledger`,
        alive: [],
      };
    case 'unknown':
      return { kind: 'unknown', why: seen.why, alive: seen.alive };
    default:
      return undefined;
  }
}

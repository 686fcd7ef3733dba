/**
 * The supervisor: a small detached process that outlives the worker and runs one command once. Started by `supervisor-launch.ts`.
 * It imports little, because its start is in the way of every command.
 */
import { appendFileSync, readFileSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { CommandDirectory } from './command-directory.js';
import { isDiskFull } from '../durable-file.js';
import { EnvironmentLock } from './environment-lock.js';
import type { HeldLock } from './numbered-lock.js';
import { ownMark } from './marks.js';
import { identityOf } from './process-identity.js';
import { rehearse } from './rehearsal.js';
import { revokedOutcome } from './observation.js';
import { specRecord } from './spec-record.js';
import { runChild } from './supervised-child.js';
import { AHEAD, parseOrder, READY, SUPERVISOR_EXIT, type SupervisorOrder } from './supervisor-order.js';

/** Takes both locks, runs the command unless that has been done or revoked, writes the result. @returns the exit code */
async function supervise(order: SupervisorOrder): Promise<number> {
  const directory = new CommandDirectory(order.root, order.command);
  const lock = await directory.lock.tryTake('supervisor', order.command);
  if (!lock) return SUPERVISOR_EXIT.done;
  let environment: HeldLock | undefined;
  try {
    const [authorised, ...decided] = await Promise.all(
      (['authorised', 'started', 'result', 'revoked', 'settled'] as const).map((record) => directory.read(record)),
    );
    // A ledger that has lost the command's directory has lost what stopped it, too.
    if (!authorised || decided.some((record) => record !== undefined)) return SUPERVISOR_EXIT.done;
    // Side by side, for one waits for the disk; both to their end, for they are only ours as long as the lock is.
    const [taken, corrected] = await Promise.allSettled([
      new EnvironmentLock(order.root, order.hostId, order.spec.environment).tryTake(order.command),
      // Nothing was started for a spec that an earlier attempt has asked for, and under this lock nothing will be: ours takes its place.
      directory.correctSpec(specRecord(order.spec)),
    ]);
    if (taken.status === 'rejected') throw taken.reason;
    environment = taken.value;
    if (corrected.status === 'rejected') throw corrected.reason;
    if (!environment) return SUPERVISOR_EXIT.environmentBusy;
    await startOnce(order, directory);
    return SUPERVISOR_EXIT.done;
  } finally {
    await environment?.release();
    await lock.release();
  }
}

/** `started` is created by one supervisor only, ever; whatever the locks say, nobody else comes past it. */
async function startOnce(order: SupervisorOrder, directory: CommandDirectory): Promise<void> {
  const supervisor = await identityOf();
  if (!supervisor) throw new Error('The supervisor does not see itself in the process table.');
  const [mark, at] = [ownMark(), new Date().toISOString()];
  if (!(await directory.record('started', { supervisor, ...(mark && { mark }), at }))) return;
  // A stop writes `revoked` and then looks for `started`; we do it the other way round: at least one sees the other.
  const revoked = await directory.read('revoked');
  const outcome = revoked ? revokedOutcome(revoked) : await runChild(order, directory, at);
  // Without an outcome (survivors that even KILL can't end) there is no result: that is what "unknown" means.
  if (outcome) await directory.record('result', { outcome });
  await directory.giveBackRoom();
}

/** In the command's directory: one that waited ready has no other place for it. */
function complain({ root, command }: SupervisorOrder, error: unknown): void {
  const file = new CommandDirectory(root, command).file('supervisor.log');
  try {
    appendFileSync(file, `${new Date().toISOString()} ${inspect(error)}\n`, { mode: 0o600 });
  } catch {
    // A full disk has no room for this either: the exit code tells.
  }
}

/** Says when it is. */
async function getReady(): Promise<void> {
  await rehearse(supervise);
  try {
    writeSync(1, READY);
  } catch {
    // Nobody is there any more: there will be no order either.
  }
}

async function main(): Promise<void> {
  // Whoever ends the worker's session or service may send these to everything in it; the command's end is decided by its own rules.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  if (process.argv[2] === AHEAD) await getReady();
  const order = parseOrder(readFileSync(0, 'utf8'));
  if (!order) {
    process.exitCode = SUPERVISOR_EXIT.noOrder;
    return;
  }
  try {
    process.exitCode = await supervise(order);
  } catch (error) {
    process.exitCode = isDiskFull(error) ? SUPERVISOR_EXIT.diskFull : SUPERVISOR_EXIT.failed;
    complain(order, error);
  }
}

await main();

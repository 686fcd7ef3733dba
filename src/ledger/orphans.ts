import type { CommandDirectory } from './command-directory.js';
import { childHere } from './command-tree.js';
import { COMMAND_MARK, isLimitMark, SUPERVISOR_MARK } from './marks.js';
import { bootedAt, processTable, type ProcessRow } from './process-table.js';

const INIT = 1;
/** A user's service manager takes up the orphans of their sessions. */
const REAPERS = ['systemd'];
/** The system says to the second when it was booted, and its clock may have been corrected since. */
const TOLERANCE_MS = 2_000;
const TICK_MS = 10;
/** The most that are named. */
const NAMED = 8;

/**
 * Processes that may be a command's though they carry nothing of it: `sudo` and `su` give what they start limits and an environment of its own, and once that
 * has left its parent it can't be told from a stranger. They began while the command ran, in the same cgroup (a service, a session, a container: what systemd
 * or Docker starts when asked to is in another), in a session of their own, and have lost their parent. Linux only.
 * @param endedAt when the command ended, in epoch milliseconds
 */
export async function orphansOf(directory: CommandDirectory, endedAt: number): Promise<ProcessRow[]> {
  const child = await childHere(directory);
  if (child?.cgroup === undefined) return [];
  const rows = await processTable.all();
  const at = new Map(rows.map((row) => [row.pid, row]));
  const isOrphan = ({ parent, session }: ProcessRow) =>
    (parent === INIT && session !== at.get(INIT)?.session) || REAPERS.includes(at.get(parent)?.name ?? '');
  const lastTick = (endedAt + TOLERANCE_MS - bootedAt()) / TICK_MS;
  return rows.filter(
    (row) =>
      !row.ended &&
      isOrphan(row) &&
      Number(row.startTime) >= Number(child.process.startTime) &&
      Number(row.startTime) <= lastTick &&
      row.cgroup() === child.cgroup &&
      !isLimitMark(row.fileLocks()) &&
      !row.names(COMMAND_MARK) &&
      !row.names(SUPERVISOR_MARK),
  );
}

/** What is said of them. */
export function doubtAbout(orphans: readonly ProcessRow[]): string {
  const named = orphans.slice(0, NAMED).map(({ pid, name }) => `${pid} (${name})`);
  const more = orphans.length - named.length;
  return `processes that began while it ran and have left their parent may be of it: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}; end them, or make sure that they are not`;
}

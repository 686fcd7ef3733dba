import { execFileSync } from 'node:child_process';
import { readJournal, unfinished } from '../journal.js';

/** Whether a process id is a deploy.sh that runs now: a killed one leaves no end in the journal, and its id may be another process's today. */
function isRunningDeploy(pid: number): boolean {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return !line.startsWith('Z') && line.includes('deploy');
  } catch {
    return false; // ps exits 1 when there is no such process.
  }
}

/** The ids of the other executions that run beside this one. */
export function runningBeside(journal: string, ownId: string): string[] {
  return unfinished(readJournal(journal))
    .filter((start) => start.id !== ownId && isRunningDeploy(start.pid))
    .map((start) => start.id);
}

import { setPriority } from 'node:os';

/** Of 19; 0 is what everything else has. */
const NICENESS = 5;

/** Lets a process, and what it starts from now on, come after everything else that wants the processor. */
export function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // It has ended already, or may not be told: then it is as important as anything else.
  }
}

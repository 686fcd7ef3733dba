import { createHash } from 'node:crypto';

/** Names one decision to run one command. A decided retry is the next generation; an activity's attempt is never part of it. */
export interface CommandKey {
  readonly workflowId: string;
  readonly firstExecutionRunId: string;
  /** Such as `deploy-canary` or `rollback`. */
  readonly step: string;
  /** From 1. */
  readonly generation: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Throws if the name could not be one directory's name: names come from outside and become paths. */
export function checkName(what: string, name: string): void {
  if (!NAME.test(name)) {
    throw new Error(
      `The ${what} ${JSON.stringify(name)} can't name a ledger directory: expected 1 to 128 letters, digits, ".", "_" or "-", the first one a letter or digit.`,
    );
  }
}

/** The command's place below the ledger's `runs/`, also its name for people: `<workflow>/<run>/<step>.<generation>`. */
export function commandPath(key: CommandKey): string {
  checkName('workflow ID', key.workflowId);
  checkName('run ID', key.firstExecutionRunId);
  checkName('step', key.step);
  if (!Number.isSafeInteger(key.generation) || key.generation < 1) {
    throw new Error(`The generation of ${key.step} must be a whole number from 1, not ${String(key.generation)}.`);
  }
  return `${key.workflowId}/${key.firstExecutionRunId}/${key.step}.${key.generation}`;
}

/** The value by which the processes of this command are recognised on this host. */
export function commandMark(hostId: string, path: string): string {
  return createHash('sha256').update(`${hostId}\n${path}`).digest('hex').slice(0, 40);
}

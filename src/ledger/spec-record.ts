import type { CommandSpec } from './command-spec.js';
import { redactText } from './redaction.js';

/** What the ledger keeps of a spec: no values of the environment, no secrets. */
export interface SpecRecord {
  readonly environment: string;
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly envNames: readonly string[];
  readonly deadlineMs: number;
  readonly stopGraceMs: number;
}

export function specRecord(spec: CommandSpec): SpecRecord {
  const { environment, workingDirectory, deadlineMs, stopGraceMs } = spec;
  const argv = spec.argv.map((argument) => redactText(argument, spec.secrets));
  return { environment, argv, workingDirectory, envNames: Object.keys(spec.env).sort(), deadlineMs, stopGraceMs };
}

import { z } from 'zod';
import { redactText } from './redaction.js';

/** What to run. Secrets in it stay in memory: they reach the supervisor through a pipe. */
export interface CommandSpec {
  /** Two commands of one environment never run at the same time. */
  readonly environment: string;
  /** Run as it is, without a shell. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  /** The complete environment of the command: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds from the start until the command is ended. */
  readonly deadlineMs: number;
  /** Milliseconds between TERM and KILL when the deadline has passed. */
  readonly stopGraceMs: number;
  /** Values that are replaced by `[redacted]` in whatever is stored. */
  readonly secrets: readonly string[];
  /** Bytes kept of stdout and of stderr each, half from the beginning, half from the end. Default 4 MiB. */
  readonly outputLimitBytes?: number | undefined;
}

/** What the ledger keeps of a spec: no values of the environment, no secrets. */
export interface SpecRecord {
  readonly environment: string;
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly envNames: readonly string[];
  readonly deadlineMs: number;
  readonly stopGraceMs: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain a NUL character');

const schema = z.strictObject({
  environment: text.min(1),
  argv: z.array(text).nonempty().refine((argv) => argv[0] !== '', 'must name an executable'),
  workingDirectory: text.startsWith('/', 'must be an absolute path'),
  env: z.record(text.regex(/^[^=]+$/, 'must not be empty or contain "="'), text),
  deadlineMs: z.int().min(1).max(LONGEST_TIMER_MS),
  stopGraceMs: z.int().min(0).max(LONGEST_TIMER_MS),
  secrets: z.array(z.string()),
  outputLimitBytes: z.int().min(1_024).optional(),
});

/** Throws a sentence that names each impossible value of a spec; never shows a value, which may be a secret. */
export function checkSpec(command: string, spec: CommandSpec): void {
  const parsed = schema.safeParse(spec);
  if (parsed.success) return;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'spec'}: ${issue.message}`);
  throw new Error(`The spec of command ${command} is not usable: ${issues.join('; ')}. Nothing was started; correct the playbook file.`);
}

export function specRecord(spec: CommandSpec): SpecRecord {
  const { environment, workingDirectory, deadlineMs, stopGraceMs } = spec;
  const argv = spec.argv.map((argument) => redactText(argument, spec.secrets));
  return { environment, argv, workingDirectory, envNames: Object.keys(spec.env).sort(), deadlineMs, stopGraceMs };
}

/** Thrown when a key that already stands for one command is used for another one. */
export class SpecMismatchError extends Error {
  override readonly name = 'SpecMismatchError';
}

/** Throws {@link SpecMismatchError} if the two differ in what would run, where, or how long. Rotated secrets are no difference. */
export function checkSameSpec(command: string, recorded: SpecRecord, asked: SpecRecord): void {
  const names = ['environment', 'argv', 'workingDirectory', 'deadlineMs'] as const;
  const differences = names.filter((name) => JSON.stringify(recorded[name]) !== JSON.stringify(asked[name]));
  if (differences.length === 0) return;
  const shown = differences.map((name) => `${name} was ${JSON.stringify(recorded[name])}, now ${JSON.stringify(asked[name])}`);
  throw new SpecMismatchError(
    `Command ${command} was first asked for with another spec: ${shown.join('; ')}. Its single run belongs to the first one; ` +
      `nothing was started now. Give the worker the plan this run was started with, or decide a new generation.`,
  );
}

import { z } from 'zod';

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
  /** Everything else goes first: nobody waits for it in haste. */
  readonly givesWay?: boolean | undefined;
  /** Bytes kept of stdout and of stderr each, half from the beginning, half from the end. Default 4 MiB. */
  readonly outputLimitBytes?: number | undefined;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain a NUL character');

const schema = z.strictObject({
  environment: text.min(1),
  argv: z
    .array(text)
    .nonempty()
    .refine((argv) => argv[0] !== '', 'must name an executable'),
  workingDirectory: text.startsWith('/', 'must be an absolute path'),
  env: z.record(text.regex(/^[^=]+$/, 'must not be empty or contain "="'), text),
  deadlineMs: z.int().min(1).max(LONGEST_TIMER_MS),
  stopGraceMs: z.int().min(0).max(LONGEST_TIMER_MS),
  secrets: z.array(z.string()),
  givesWay: z.boolean().optional(),
  outputLimitBytes: z.int().min(1_024).optional(),
});

/** Throws a sentence that names each impossible value of a spec; never shows a value, which may be a secret. */
export function checkSpec(command: string, spec: CommandSpec): void {
  const parsed = schema.safeParse(spec);
  if (parsed.success) return;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'spec'}: ${issue.message}`);
  throw new Error(
    `The spec of command ${command} is not usable: ${issues.join('; ')}. Nothing was started with it; correct the playbook file.`,
  );
}

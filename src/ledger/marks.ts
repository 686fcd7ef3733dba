/** The variable by which every process of a command is recognised, whoever its parent is by then. */
export const COMMAND_MARK = 'GOLIVE_COMMAND';
/** The supervisor's own mark: its command's, or one of its own if it waited ready. Between fork and exec a command's process still shows this one. */
export const SUPERVISOR_MARK = 'GOLIVE_SUPERVISOR';

/** The mark this process was started with, if it is a supervisor. */
export const ownMark = (): string | undefined => process.env[SUPERVISOR_MARK];

/** No real limit is as high and not unlimited. */
const LOWEST = 2n ** 48n;

/**
 * The same as a soft limit of file locks, which a process keeps that is given another environment, session or parent (`env -i`, `setsid`, a daemon). Linux
 * hands this limit on like every other and hasn't enforced it since 2.4, so that it does nothing but tell.
 * @param mark value of {@link COMMAND_MARK}: hexadecimal digits, of which the first twelve count
 */
export const limitMark = (mark: string): string => String(LOWEST + BigInt(`0x${mark.slice(0, 12)}`));

/** Whether a limit of file locks is the mark of any command. */
export const isLimitMark = (limit: string | undefined): boolean =>
  limit !== undefined && /^\d+$/.test(limit) && BigInt(limit) >= LOWEST && BigInt(limit) < 2n * LOWEST;

/** Takes the limit, then becomes what follows it: `-x` in bash, `-w` in dash and busybox. Where neither is known, the environment has to do. */
export const underLimit = (mark: string, argv: readonly string[]): string[] => [
  '/bin/sh',
  '-c',
  `ulimit -S -x ${limitMark(mark)} 2>/dev/null || ulimit -S -w ${limitMark(mark)} 2>/dev/null; exec "$0" "$@"`,
  ...argv,
];

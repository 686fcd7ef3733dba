/** golive's subcommands, by which its commands are known in a text. */
export const SUBCOMMANDS = [
  'abort',
  'alert',
  'completion',
  'decide',
  'doctor',
  'dry-run',
  'follow',
  'handover',
  'history',
  'list',
  'logs',
  'pause',
  'plan',
  'promote',
  'receive',
  'replay',
  'report',
  'restore',
  'resume',
  'rollback',
  'start',
  'status',
  'supersede',
  'up',
  'watch',
  'worker',
] as const;

export type Subcommand = (typeof SUBCOMMANDS)[number];

/** These have to do with a process of the host, and not with a run at a server. */
const OF_THE_HOST: readonly Subcommand[] = ['completion', 'plan', 'receive', 'replay', 'report', 'up', 'worker'];

/** How golive is called where a text is read. */
export interface Called {
  /** `golive`, `npx golive`, `/opt/golive/bin/golive`. */
  readonly program: string;
  /** What a subcommand has to be told there, as shell words; empty for nothing. */
  readonly options: (subcommand: Subcommand) => string;
}

/** Not within a longer word or path, and not where it is called in another way already. */
const COMMAND = new RegExp(`(?<![\\w/.@-]|npx )golive (${SUBCOMMANDS.join('|')})(?![\\w-])`, 'g');

/** A text with each of golive's commands in it as it has to be typed where the text is read. */
export const asCalled = (text: string, { program, options }: Called): string =>
  text.replace(COMMAND, (_, subcommand: Subcommand) =>
    [program, subcommand, options(subcommand)].filter((part) => part !== '').join(' '),
  );

/** How a plan says that people call golive: the options are for the commands about a run. */
export const calledAs = ({
  golive,
  options = '',
}: {
  readonly golive: string;
  readonly options?: string | undefined;
}): Called => ({
  program: golive,
  options: (subcommand) => (OF_THE_HOST.includes(subcommand) ? '' : options),
});

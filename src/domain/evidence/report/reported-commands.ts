import { describeEnd, succeeded, type CommandEnd } from '../../commands/command.js';
import { seenOf, type Kept } from './kept.js';

/** One attempt of a command, as it ended. What has no record of its end was under way, or its host's evidence is elsewhere. */
export interface ReportedCommand {
  readonly step: string;
  readonly generation: number;
  readonly argv: readonly string[];
  readonly directory: string;
  readonly end: CommandEnd;
  /** `exit 0`, `stopped at its deadline` */
  readonly ended: string;
  readonly succeeded: boolean;
  readonly from?: string;
  readonly to?: string;
  /** Files in the folder of its run's evidence. */
  readonly output: readonly { readonly file: string; readonly bytes: number }[];
}

/** The commands whose end is on record, in order. */
export function commandsOf(kept: Kept): ReportedCommand[] {
  return seenOf(kept, 'command').map(({ step, generation, argv, directory, end, startedAt, endedAt, output }) => ({
    step,
    generation,
    argv,
    directory,
    end,
    ended: describeEnd(end),
    succeeded: succeeded(end),
    ...(startedAt === undefined ? {} : { from: startedAt }),
    ...(endedAt === undefined ? {} : { to: endedAt }),
    output: output.map(({ file, bytes }) => ({ file, bytes })),
  }));
}

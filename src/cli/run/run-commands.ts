import type { Client } from '@temporalio/client';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { recordedCommands } from '../../temporal/recorded-commands.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { RunView } from './run-view.js';

/** A command of a run, one decision to run a step. Times are ISO. */
export type RunCommand = GoLiveStatus['commands'][number];

/** `deploy-canary.1`: the step and which attempt at it. */
export const commandName = ({ step, generation }: Pick<RunCommand, 'step' | 'generation'>): string =>
  `${step}.${generation}`;

export const isUnderWay = ({ state }: RunCommand): boolean => state === 'running' || state === 'being stopped';

export const endedWell = ({ state }: RunCommand): boolean => /^exit 0$|, treated as done by /.test(state);

/** The commands of a run in the order in which they were decided: as the run itself tells them, else from its history, for which no worker is needed. */
export async function commandsOf(client: Client, view: RunView): Promise<readonly RunCommand[]> {
  const known = view.status?.commands ?? (await recordedCommands(client, view.workflowId, view.runId));
  return known
    .map((command) => (view.running ? command : cutOff(command)))
    .sort((one, other) => (whenDecided(one) < whenDecided(other) ? -1 : 1));
}

/** A run that is over doesn't learn any more how its command ended. */
const cutOff = (command: RunCommand): RunCommand =>
  isUnderWay(command) ? { ...command, state: 'the run ended before it' } : command;

const whenDecided = ({ decidedAt, startedAt = '' }: RunCommand): string => decidedAt ?? startedAt;

/** What one wants to see who names none: the command that runs, else the one that failed last, else the last one. */
export function tellingCommand(commands: readonly RunCommand[]): RunCommand | undefined {
  return commands.findLast(isUnderWay) ?? commands.findLast((command) => !endedWell(command)) ?? commands.at(-1);
}

/** The last attempt at a step, or the very one that is named (`deploy-canary.1`). Throws a {@link CliError} that says which there are. */
export function commandNamed(commands: readonly RunCommand[], name: string): RunCommand {
  const found =
    commands.findLast(({ step }) => step === name) ?? commands.find((command) => commandName(command) === name);
  if (found) return found;
  const there = commands.map((command) => `  ${commandName(command)}  ${oneLine(command.state)}`);
  throw new CliError(
    EXIT.usage,
    there.length === 0
      ? `This run has run no command yet, so there is no step ${JSON.stringify(name)}.`
      : `This run has run no step ${JSON.stringify(name)}. It has:\n${there.join('\n')}`,
  );
}

import type { OutputNews } from '../run/command-output.js';
import { commandName, endedWell, isUnderWay, type RunCommand } from '../run/run-commands.js';
import { dayAndClock, span } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import { rows } from './rows.js';

type Times = Pick<RunCommand, 'startedAt' | 'endedAt'>;

/** One line for each command of a run: which, how it is or ended, when and how long, the last line it has printed. `now` in epoch milliseconds. */
export function commandList(commands: readonly RunCommand[], now: number, paint: Paint): string {
  return rows(
    commands.map((command) => [
      commandName(command),
      command.state,
      whenIt(command, now),
      oneLine(command.lastLine.split('\n').at(-1) ?? ''),
    ]),
    (cells, [, state = '']) => paint(colourOf(state), cells),
  ).join('\n');
}

const colourOf = (state: string) => {
  const command = { state } as RunCommand;
  return isUnderWay(command) ? 'cyan' : endedWell(command) ? 'green' : 'yellow';
};

/** What stands above an output: which command, how it is, when, and from whom the output is. */
export function outputTitle(command: RunCommand, news: OutputNews, now: number): string {
  const { step, generation } = command;
  const state = news.running && isUnderWay(command) ? command.state : news.state;
  const when = whenIt({ ...command, ...news }, now);
  return `${oneLine(step)}, attempt ${generation}: ${[oneLine(state), when, oneLine(news.source.where)].filter(Boolean).join('; ')}`;
}

function whenIt({ startedAt, endedAt, decidedAt }: Times & Pick<RunCommand, 'decidedAt'>, now: number): string {
  const began = startedAt ?? decidedAt;
  if (began === undefined) return '';
  return endedAt === undefined
    ? `since ${dayAndClock(began)}, ${span(began, now)}`
    : `${dayAndClock(began)} to ${dayAndClock(endedAt)}, ${span(began, Date.parse(endedAt))}`;
}

import { lastLine as lastOf } from '../../domain/commands/command.js';
import { lastLineOf } from '../run/output-source.js';
import { commandName, endedWell, isUnderWay } from '../run/run-commands.js';
import type { RunView } from '../run/run-view.js';
import type { Line } from '../terminal/line.js';
import { shortTime } from '../terminal/local-time.js';
import { ahead, span } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Section } from './layout.js';

/** The command that runs, with how long it has and by when it has to end; under it what it printed last. */
export function runningSection({ status, pending }: RunView, now: number, zone?: string): Section {
  const running = (status?.commands ?? []).filter(isUnderWay);
  const lines = running.flatMap((each): Line[] => {
    const { step, generation, state, decidedAt, deadline } = each;
    const line = oneLine(lastOf(lastLineOf({ pending }, each)));
    return [
      [
        [`${oneLine(step)}.${generation} ${state}`, 'bold', 'cyan'],
        ...(decidedAt === undefined ? [] : [` ${span(decidedAt, now)}`]),
        ...(deadline === undefined
          ? []
          : [`, until ${shortTime(Date.parse(deadline), now, zone)} at the latest, ${ahead(deadline, now)}`]),
      ],
      ...(line === '' ? [] : [[['  └ ', 'dim'] as const, line]]),
    ];
  });
  return { label: 'Command', lines, rest: () => `${running.length} running`, least: lines.length, good: lines.length };
}

/** The commands that have ended, the latest first. */
export function endedSection({ status }: RunView): Section {
  const ended = (status?.commands ?? []).filter((each) => !isUnderWay(each)).reverse();
  const lines = ended.map((each): Line => [
    [`${oneLine(commandName(each))} ${oneLine(each.state)}`, endedWell(each) ? 'dim' : 'yellow'],
    ...(each.lastLine === '' ? [] : [[`: ${oneLine(lastOf(each.lastLine))}`, 'dim'] as const]),
  ]);
  return {
    label: 'Ended',
    lines,
    rest: (shown) => (shown === 0 ? `${lines.length} commands` : `${lines.length - shown} more, before`),
    least: 1,
    good: 2,
  };
}

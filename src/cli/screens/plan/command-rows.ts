import { masked, namesSecret } from '../../../domain/plan/masked.js';
import type { Command } from '../../../domain/plan/playbook.js';
import { shownArguments } from '../../../domain/run/rehearsal.js';
import { formatDuration } from '../../../domain/time/duration.js';

type Shown = Pick<Command, 'run' | 'deadline'> & Partial<Pick<Command, 'workingDirectory' | 'environment'>>;

/** A command as the file has it: its arguments, its deadline and folder, and the variables it gets besides the environment's. */
export function commandTexts({ run, deadline, workingDirectory, environment = {} }: Shown): string[] {
  const where = workingDirectory === undefined ? '' : `, in ${workingDirectory}`;
  return [`${shownArguments(run)} (deadline ${formatDuration(deadline)}${where})`, ...variableTexts(environment)];
}

/** `with PYTHONPATH=.`; a secret that is written out is not shown. */
export const variableTexts = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).map(([name, value]) => `with ${name}=${namesSecret(name) ? masked(value) : value}`);

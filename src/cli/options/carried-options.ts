import path from 'node:path';
import type { Command, Option } from 'commander';
import type { Called } from '../../domain/text/as-called.js';
import { shellWord } from '../../domain/text/shell-word.js';

/** Where a server and its files are found: a command that is printed says so again, if this one had to. */
const PLACES = ['home', 'address', 'namespace', 'profile', 'playbook'];
/** Those that run on. Whoever starts one of them again starts the same one, also in a shell that lacks these variables. */
const PROCESSES = ['up', 'worker', 'receive'];
const VARIABLES: Readonly<Record<string, string>> = {
  home: 'GOLIVE_HOME',
  playbook: 'GOLIVE_PLAYBOOK',
  metrics: 'GOLIVE_METRICS',
  versioning: 'GOLIVE_VERSIONING',
};
const FILES = ['home', 'playbook'];

/** The options that a command which this one prints has to have, each where the printed command takes it. */
export function carriedOptions(self: Command, commands: readonly Command[], env: NodeJS.ProcessEnv): Called['options'] {
  const runsOn = PROCESSES.includes(self.name());
  const fromShell = (option: string) => runsOn && Boolean(env[VARIABLES[option] ?? '']);
  const given = [...new Set([...PLACES, ...self.options.map((each) => each.attributeName())])].filter(
    (option) =>
      option !== 'json' &&
      (self.getOptionValueSource(option) === 'cli' ||
        (self.getOptionValueSource(option) === 'default' && fromShell(option))),
  );
  return (subcommand) => {
    const taken = commands.find((each) => each.name() === subcommand)?.options ?? [];
    const again = runsOn && subcommand === self.name();
    return given
      .filter((option) => again || PLACES.includes(option))
      .filter((option) => again || option === 'home' || self.getOptionValueSource(option) === 'cli')
      .flatMap((option) => words(option, self, taken))
      .join(' ');
  };
}

/** `--home '/my home'`, `--metrics`, `--no-page`; nothing for an option that isn't taken. */
function words(name: string, self: Command, taken: readonly Option[]): string[] {
  const value: unknown = self.getOptionValue(name);
  const option = taken.find((each) => each.attributeName() === name && each.negate === (value === false));
  if (!option?.long) return [];
  if (typeof value === 'boolean') return [option.long];
  const text = String(value);
  // A variable of this shell is relative to where this one runs.
  const isHere = self.getOptionValueSource(name) === 'default' && FILES.includes(name);
  return [`${option.long} ${shellWord(isHere ? path.resolve(text) : text)}`];
}

import type { Argument, Command, Option } from 'commander';

/** A word that may come next, with what it is. */
export interface Candidate {
  readonly text: string;
  readonly about?: string;
}

/** What only the playbook file or the server knows. */
export type Known = 'environments' | 'holds' | 'choices' | 'triggers' | 'steps';

/** What may stand where somebody types: words, or what is known of an environment. */
export interface Wanted {
  /** What has been typed of it. */
  readonly begun: string;
  /** Stands before each candidate, as in `--hold=`. */
  readonly prefix: string;
  readonly words: readonly Candidate[];
  readonly known?: Known;
  /** What has been said before: the environment, and the options with their values. */
  readonly environment?: string;
  readonly options: Readonly<Record<string, string>>;
}

const OF_OPTION: Readonly<Record<string, Known>> = {
  '--hold': 'holds',
  '--choice': 'choices',
  '--trigger': 'triggers',
};
const OF_ARGUMENT: Readonly<Record<string, Known>> = { environment: 'environments', step: 'steps' };

/** What may come next in a command line, by commander's own definitions. @param words after `golive`, the last one as far as it was typed */
export function wantedAt(program: Command, words: readonly string[]): Wanted {
  const whole = withoutBreaks(words);
  const begun = whole.at(-1) ?? '';
  const said = whole.slice(0, -1);
  const at = said.findIndex((word) => !word.startsWith('-'));
  const command = at < 0 ? program : program.commands.find((each) => each.name() === said[at]);
  const nothing = { begun, prefix: '', words: [], options: {} };
  if (!command) return nothing;
  const { args, options, open } = read(command, said.slice(at + 1));
  const before = { begun, prefix: '', options, ...(args[0] === undefined ? {} : { environment: args[0] }) };
  if (open) return { ...before, ...valuesOf(open) };
  const [, name, value] = /^(--[\w-]+)=(.*)$/.exec(begun) ?? [];
  const assigned = command.options.find(({ long }) => long === name);
  if (name !== undefined && assigned)
    return { ...before, begun: value ?? '', prefix: `${name}=`, ...valuesOf(assigned) };
  const visible = command.createHelp();
  const flags = visible.visibleOptions(command).map(({ long, short, description }) => ({
    text: long ?? short ?? '',
    about: description,
  }));
  if (begun.startsWith('-')) return { ...before, words: flags };
  if (command === program)
    return {
      ...before,
      words: visible.visibleCommands(program).map((each) => ({ text: each.name(), about: each.summary() })),
    };
  const argument = command.registeredArguments[args.length];
  return { ...before, ...(argument ? valuesOf(argument) : { words: flags }) };
}

function valuesOf(what: Option | Argument): Pick<Wanted, 'words' | 'known'> {
  const known = 'long' in what ? OF_OPTION[what.long ?? ''] : OF_ARGUMENT[what.name()];
  return { words: (what.argChoices ?? []).map((text) => ({ text })), ...(known ? { known } : {}) };
}

/** What has been said after the name of a command. `open`: an option that wants its value next. */
function read(
  command: Command,
  said: readonly string[],
): { args: string[]; options: Record<string, string>; open?: Option } {
  const args: string[] = [];
  const options: Record<string, string> = {};
  let open: Option | undefined;
  for (const word of said) {
    if (open) {
      options[open.attributeName()] = word;
      open = undefined;
      continue;
    }
    if (!word.startsWith('-')) {
      args.push(word);
      continue;
    }
    const [flag, value] = word.split(/=(.*)/s);
    const option = command.options.find(({ long, short }) => flag === long || flag === short);
    if (!option?.required) continue;
    if (value === undefined) open = option;
    else options[option.attributeName()] = value;
  }
  return { args, options, ...(open ? { open } : {}) };
}

/** bash gives `--hold=x` as three words. */
function withoutBreaks(words: readonly string[]): string[] {
  if (words.at(-1) === '=') return withoutBreaks([...words, '']);
  return words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('--'));
}

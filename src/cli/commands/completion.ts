import { Argument, Command } from 'commander';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.js';
import { wantedAt, type Candidate } from '../completion/wanted.js';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples, withHome, withPlaybook } from '../options/shared-options.js';
import { openTerminal } from '../terminal/terminal.js';

/** The longest that somebody who has pressed Tab waits for the playbook file and the server. */
const LONGEST_MS = 1_000;

export function completionCommand(): Command {
  const command = new Command('completion')
    .summary('a script that completes golive in a shell')
    .description(
      'Prints a script for a shell: with it Tab completes commands, options, environments (of the playbook file and open go-lives), the holds and choices of "decide", triggers and steps. What is not known within a second is left out.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((shell: Shell) => openTerminal(false).print(SCRIPTS[shell]));
  return withExamples(
    command,
    [
      'eval "$(golive completion bash)"     # in ~/.bashrc',
      'golive completion fish > ~/.config/fish/completions/golive.fish',
    ],
    [EXIT.ok, EXIT.usage],
  );
}

/** What the scripts ask: the words that may come next, one a line. Silent whatever goes wrong: nobody wants an error between what is being typed. */
export function completeCommand(program: Command): Command {
  return withPlaybook(withHome(new Command('__complete')))
    .argument('[words...]')
    .action(async (words: readonly string[], defaults: { readonly home: string; readonly playbook: string }) => {
      const wanted = wantedAt(program, words);
      const { begun, prefix } = wanted;
      const told = new Set<string>();
      const tell = (candidates: readonly Candidate[]) => {
        const fitting = candidates.filter(({ text }) => text.startsWith(begun) && !told.has(text));
        for (const { text, about } of fitting) {
          told.add(text);
          process.stdout.write(`${prefix}${text}${about ? `\t${about.split('\n')[0]}` : ''}\n`);
        }
      };
      tell(wanted.words);
      if (wanted.known === undefined) return;
      const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MS));
      const { knownCandidates } = await import('../completion/known.js');
      await Promise.race([knownCandidates(wanted, defaults, tell).catch(() => undefined), late]);
      process.exit(EXIT.ok);
    });
}

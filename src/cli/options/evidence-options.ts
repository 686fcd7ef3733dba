import type { Command } from 'commander';
import { withHome } from './shared-options.js';

/** Which evidence a command reads: of this home, or of these folders; of the newest go-live, or of others. */
export function withEvidence(command: Command): Command {
  return withHome(command)
    .option('--run <which>', '1 is the newest, 2 the one before; or a run ID, or its beginning (the newest)')
    .option('--all', 'every go-live that is kept')
    .option(
      '--evidence <folder...>',
      "folders of evidence instead of the home's: those of several hosts are put together",
    )
    .option('--dry-run', "the environment's rehearsals instead of its go-lives");
}

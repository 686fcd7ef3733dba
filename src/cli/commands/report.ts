import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { environmentArgument } from '../options/environment-argument.js';
import { withEvidence } from '../options/evidence-options.js';
import { withExamples, withJson } from '../options/shared-options.js';

export function reportCommand(): Command {
  const command = new Command('report')
    .summary('a go-live as one page: its verdict, its cause, its curves')
    .description(
      'Writes one HTML file that tells a go-live from its evidence on this host: how it ended and why, a picture of the run, a chart of each measure, commands, decisions, messages, findings and versions. It needs no script and no network, and can be printed. Asks no server. What is not on record is said to be unknown. With --verify it checks the evidence instead: its seals and links, and every verdict, decided again by the same rules from the same inputs (docs/evidence.md).',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .option('--out <file>', 'where to write it (golive-report-ENVIRONMENT-RELEASE.html, or .md)')
    .option('--markdown', 'Markdown on stdout, for a ticket, or to the file of --out')
    .option('--verify', 'checks the evidence, and decides again what was decided')
    .action(loadedAction(async () => (await import('../actions/report.js')).report));
  return withExamples(
    withJson(withEvidence(command)),
    [
      'golive report prod',
      'golive report prod --run 2 --out last-week.html',
      'golive report prod --markdown',
      'golive report prod --evidence /srv/host-a/evidence /srv/host-b/evidence',
      'golive report prod --json | jq .cause',
      'golive report prod --verify --all',
    ],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.refused, EXIT.noGoLive, EXIT.differs],
  );
}

import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { approvalText, type Proposal } from '../../domain/rollback/restore-approval.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { approveRestoreUpdate, decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { updateCommand, type OpenGoLive } from '../messages/update-command.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { BY_DEFAULT, whoAnswers, withReason } from '../options/said-by.js';
import { signWith } from '../messages/sign-with.js';
import { oneLine } from '../terminal/terminal-text.js';

interface RestoreOptions extends EnvironmentOptions {
  readonly approve?: boolean;
  readonly decline?: boolean;
  readonly text?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly key?: string;
  readonly signature?: string;
  readonly expires?: string;
}

export function restoreCommand(): Command {
  const command = new Command('restore')
    .summary('approves or declines the data restore that a rollback proposes')
    .description(
      'Answers the question of a rollback whether data are restored from the backup, as an incident lead. "golive status" shows the question with what would be lost.',
    )
    .option('--approve', 'run the restore drill, then the restore of the playbook file, then prove everything again')
    .option('--decline', 'restore nothing')
    .option('--text', 'print the exact text that an approval has to sign, and change nothing')
    .option('--by <lead>', `who answers: one of the playbook file's incident leads; ${BY_DEFAULT}`)
    .option('--key <file>', 'signs the approval with this SSH key')
    .option('--signature <file>', 'the signature of the text, made elsewhere with ssh-keygen -Y sign -n golive-restore')
    .option(
      '--expires <time>',
      'the approval counts only until then, such as 2026-03-01T14:30:00Z; the end of the question when left out',
    )
    .hook('preAction', (self) => check(self.opts<RestoreOptions>()));
  return updateCommand(withReason(command), { what: 'answer', verb: 'answer', answers: true }, restore, [
    'golive restore prod --approve --by "Lea Moreau" --reason "orders are corrupt since 14:02" --key ~/.ssh/id_ed25519',
    'golive restore prod --decline --by "Lea Moreau" --reason "the data are fine"',
    'golive restore prod --text --by "Lea Moreau" | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n golive-restore > approval.sig\n  golive restore prod --approve --by "Lea Moreau" --reason "orders are corrupt" --signature approval.sig',
  ]);
}

function check({ approve, decline, text, key, signature }: RestoreOptions): void {
  if ([approve, decline, text].filter(Boolean).length !== 1)
    throw new CliError(EXIT.usage, 'Say one of --approve, --decline and --text.');
  if (key !== undefined && signature !== undefined)
    throw new CliError(EXIT.usage, 'Say either --key, to sign now, or --signature, what was signed before.');
}

async function restore(
  { environment, workflowId, status, terminal, send }: OpenGoLive,
  options: RestoreOptions,
): Promise<object> {
  const { approve, text, reason, expires } = options;
  const by = await whoAnswers(options.by, status.holds.find(({ id }) => id === 'restore')?.by);
  const until = expires === undefined ? {} : { expires };
  const toSign = () => approvalText(proposalIn(status, environment), { by, ...until });
  if (text) {
    const signed = toSign();
    // Byte for byte: what is signed is what is printed.
    if (!terminal.json) process.stdout.write(signed);
    return { workflowId, text: signed };
  }
  if (approve) {
    const signature = await signatureOf(options, toSign);
    const approval = { by, reason, ...until, ...(signature === undefined ? {} : { signature }) };
    terminal.print(`Approved: ${oneLine(await send(approveRestoreUpdate, approval))}.`);
    terminal.print(`Watch it: golive watch ${environment}`);
  } else {
    const decision = { hold: 'restore', choice: 'decline', by, reason };
    terminal.print(`Declined: ${oneLine(await send(decideUpdate, decision))}.`);
  }
  return { workflowId, approved: approve === true, by, reason, accepted: true };
}

/** What the question is about, from the status; without a question there is nothing to sign. */
function proposalIn({ workflowId, restore }: GoLiveStatus, environment: string): Proposal {
  const { state, manifest, name, sha256, madeAt, runId, askedUntil: until } = restore ?? {};
  if (
    state !== 'proposed' ||
    manifest === undefined ||
    name === undefined ||
    sha256 === undefined ||
    madeAt === undefined ||
    runId === undefined ||
    until === undefined
  ) {
    throw new CliError(
      EXIT.refused,
      `No restore waits for an approval${restore ? `: ${oneLine(restoreText(restore))}` : ''}. Look: golive status ${environment}`,
    );
  }
  return { workflowId, runId, manifest, name, sha256, madeAt, until };
}

async function signatureOf({ key, signature }: RestoreOptions, text: () => string): Promise<string | undefined> {
  if (key !== undefined) return await signWith(key, text());
  if (signature === undefined) return undefined;
  try {
    return await readFile(signature, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.usage, `The signature can't be read: ${(error as Error).message}`, { cause: error });
  }
}

import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { workflowIdOf } from '../../domain/run/input.js';
import { approvalText, type Proposal } from '../../domain/rollback/restore-approval.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { approveRestoreUpdate, decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { environmentArgument } from '../options/environment-argument.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { sendUpdate, statusBefore } from '../messages/send-update.js';
import {
  withExamples,
  withJson,
  withServer,
  type OutputOptions,
  type ServerOptions,
} from '../options/shared-options.js';
import { signWith } from '../messages/sign-with.js';
import { openTerminal } from '../terminal/terminal.js';
import { oneLine } from '../terminal/terminal-text.js';

interface RestoreOptions extends ServerOptions, OutputOptions {
  readonly approve?: boolean;
  readonly decline?: boolean;
  readonly text?: boolean;
  readonly by: string;
  readonly reason?: string;
  readonly key?: string;
  readonly signature?: string;
  readonly expires?: string;
}

const SENT = { what: 'answer', verb: 'answer' };

export function restoreCommand(): Command {
  const command = new Command('restore')
    .summary('approves or declines the data restore that a rollback proposes')
    .description(
      'Answers the question of a rollback whether data are restored from the backup, as an incident lead. "golive status" shows the question with what would be lost.',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .option('--approve', 'run the restore drill, then the restore of the playbook file, then prove everything again')
    .option('--decline', 'restore nothing')
    .option('--text', 'print the exact text that an approval has to sign, and change nothing')
    .requiredOption('--by <lead>', "who answers: one of the playbook file's incident leads")
    .option('--reason <text>', 'why; it is recorded')
    .option('--key <file>', 'signs the approval with this SSH key')
    .option('--signature <file>', 'the signature of the text, made elsewhere with ssh-keygen -Y sign -n golive-restore')
    .option(
      '--expires <time>',
      'the approval counts only until then, such as 2026-03-01T14:30:00Z; the end of the question when left out',
    )
    .action(async (environment: string, options: RestoreOptions) => {
      process.exitCode = await restore(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    [
      'golive restore prod --approve --by "Lea Moreau" --reason "orders are corrupt since 14:02" --key ~/.ssh/id_ed25519',
      'golive restore prod --decline --by "Lea Moreau" --reason "the data are fine"',
      'golive restore prod --text --by "Lea Moreau" | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n golive-restore > approval.sig\n  golive restore prod --approve --by "Lea Moreau" --reason WHY --signature approval.sig',
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function restore(environment: string, options: RestoreOptions): Promise<ExitCode> {
  const { approve, decline, text, by, reason, expires } = options;
  if ([approve, decline, text].filter(Boolean).length !== 1)
    throw new CliError(EXIT.usage, 'Say one of --approve, --decline and --text.');
  if (!text && reason === undefined) throw new CliError(EXIT.usage, 'Say why with --reason; it is recorded.');
  if (options.key !== undefined && options.signature !== undefined)
    throw new CliError(EXIT.usage, 'Say either --key, to sign now, or --signature, what was signed before.');
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment });
  return await withClient(options, async (client, server) => {
    const status = (await statusBefore(client, environment, server, SENT)).status;
    const until = expires === undefined ? {} : { expires };
    if (text) {
      const signed = approvalText(proposalIn(status, environment), { by, ...until });
      // Byte for byte: what is signed is what is printed.
      if (!options.json) process.stdout.write(signed);
      terminal.document({ environment, workflowId, text: signed });
      return EXIT.ok;
    }
    const signature = approve
      ? await signatureOf(options, () => approvalText(proposalIn(status, environment), { by, ...until }))
      : undefined;
    const answer = approve
      ? await sendUpdate(
          client,
          environment,
          approveRestoreUpdate,
          { by, reason, ...until, ...(signature === undefined ? {} : { signature }) },
          SENT,
        )
      : await sendUpdate(client, environment, decideUpdate, { hold: 'restore', choice: 'decline', by, reason }, SENT);
    terminal.print(`${approve ? 'Approved' : 'Declined'}: ${oneLine(answer)}.`);
    if (approve) terminal.print(`Watch it: golive status ${environment} --watch`);
    terminal.document({ environment, workflowId, approved: approve === true, by, reason, accepted: true });
    return EXIT.ok;
  });
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

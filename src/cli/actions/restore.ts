import { readFile } from 'node:fs/promises';
import { approvalText, type Proposal } from '../../domain/rollback/restore-approval.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { approveRestoreUpdate, decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { OpenGoLive } from '../messages/update-open.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { whoAnswers } from '../options/said-by.js';
import { signWith } from '../messages/sign-with.js';
import { oneLine } from '../terminal/terminal-text.js';

export interface RestoreOptions extends EnvironmentOptions {
  readonly approve?: boolean;
  readonly decline?: boolean;
  readonly text?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly key?: string;
  readonly signature?: string;
  readonly expires?: string;
}

export async function restore(
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

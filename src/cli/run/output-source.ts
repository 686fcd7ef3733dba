import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { readOutput, type OutputChunk, type OutputRequest } from '../../activities/commands/read-output.js';
import { deepest } from '../../domain/text/deepest.js';
import { BEGINNING, Ledger, type CommandKey } from '../../ledger/ledger.js';
import { recordedCommands } from '../../temporal/recorded-commands.js';
import { serverFault } from '../server/server-fault.js';
import { commandName, isUnderWay, type RunCommand } from './run-commands.js';
import type { RunView } from './run-view.js';

/** Somebody who has a command's output, or a part of it. `where` is a sentence that says who. */
export interface OutputSource {
  readonly kind: 'ledger' | 'host' | 'history';
  readonly where: string;
  /** Throws when it can't be read, or not now. */
  readonly read: (request: OutputRequest) => Promise<OutputChunk>;
}

/** How long the host with the ledger may take to take the question up; then it counts as away. */
const HOST_MS = 5_000;
const ANSWER_MS = 10_000;

/** The ledger of this home, where the command's files are in it. */
export async function ledgerHere(folder: string, key: CommandKey): Promise<OutputSource | undefined> {
  const ledger = await Ledger.openToRead(folder);
  // What can't be read here, such as another user's ledger, is asked of its worker.
  const isHere = (await ledger?.read(key).catch(() => undefined))?.authorised;
  if (!ledger || !isHere) return undefined;
  return {
    kind: 'ledger',
    where: `from the ledger of this host, ${ledger.fileOf(key, '')}`,
    read: (request) => readOutput(ledger, request),
  };
}

/** The worker of the host that has the ledger, asked through Temporal: by an activity of its own, which no run knows of. */
export function hostWithLedger(client: Client, queue: string, command: string): OutputSource {
  return {
    kind: 'host',
    where: `from ${queue}, through Temporal`,
    read: (request) =>
      client.withDeadline(Date.now() + HOST_MS + ANSWER_MS + request.waitMs, () =>
        client.activity.execute<OutputChunk>('readOutput', {
          id: `read-output-${randomUUID()}`,
          taskQueue: queue,
          summary: `output of ${command}`,
          scheduleToStartTimeout: HOST_MS,
          startToCloseTimeout: ANSWER_MS + request.waitMs,
          retry: { maximumAttempts: 1 },
          args: [request],
        }),
      ),
  };
}

/** Why the host gave no answer: it is away, it refuses, or the server has no activities that are started by themselves. */
export function whyNoAnswer(error: unknown): string {
  const fault = serverFault(error);
  if (fault !== undefined) return fault;
  const why = deepest(error).replace(/\.$/, '');
  return /schedule-?to-?start/i.test(why) ? `it did not take the question up within ${HOST_MS / 1_000} s` : why;
}

/** What the server keeps for the run itself: of a command that has ended the end of each stream, of one that runs its last line. All of it comes with the first read. */
export function runsHistory(client: Client, view: RunView, command: RunCommand, why: string): OutputSource {
  const { workflowId, runId } = view;
  let isRead = false;
  return {
    kind: 'history',
    where: `from the history of the run, which has only the end of it. The whole can't be read: ${why}`,
    read: async () => {
      const recorded = (await recordedCommands(client, workflowId, runId)).find(
        (each) => commandName(each) === commandName(command),
      );
      const { state, startedAt, endedAt } = { ...recorded, ...command };
      const { stdout = lastLineOf(view, command), stderr = '' } = recorded ?? {};
      const part = (text: string) => ({
        base64: isRead ? '' : Buffer.from(text).toString('base64'),
        next: BEGINNING,
      });
      const [out, err] = [part(stdout), part(stderr)];
      isRead = true;
      return {
        hostId: '',
        state,
        running: view.running && isUnderWay(command),
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
        stdout: out,
        stderr: err,
      };
    },
  };
}

/** What a command that runs has printed last: its heartbeats tell that. */
export const lastLineOf = ({ pending }: Pick<RunView, 'pending'>, { step, generation, lastLine }: RunCommand): string =>
  pending.find(({ progress }) => progress?.step === step && progress.generation === generation)?.progress?.lastLine ??
  lastLine;

import type { Client } from '@temporalio/client';
import { typedFor } from '../../domain/run/workflow-id.js';
import type { AbortRequest } from '../../domain/people/said-by.js';
import { beginsAt } from '../../temporal/begins-at.js';
import type { AbortAnswer } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { endText } from '../run/end-text.js';
import { describeRun, endOf } from '../run/look-at-run.js';
import { notBegun } from '../run/not-begun.js';
import type { FoundServer } from '../server/find-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { sendAbort } from './send-abort.js';

/** What became of an abort: a sentence for people, the document of `--json` besides who and where, and the exit code that says the same. */
export interface AbortTold {
  readonly text: string;
  readonly document: object;
  readonly exitCode: ExitCode;
}

/** Aborts a go-live or a rehearsal. Throws a {@link CliError} when there is nothing to abort. */
export async function abortRun(
  client: Client,
  workflowId: string,
  server: FoundServer,
  request: AbortRequest,
): Promise<AbortTold> {
  // Sent before anything else is asked: an abort waits for nothing.
  const sent = await sendAbort(client, workflowId, request);
  if (sent.kind === 'answered') return answered(sent.answer);
  // Once the abort is with the server it must be said, whatever becomes of this question.
  const seen = await describeRun(client, workflowId, server).catch((error: unknown) => {
    if (sent.kind === 'recorded') return undefined;
    throw error;
  });
  const begins = seen && beginsAt(seen);
  if (begins !== undefined) throw new CliError(EXIT.refused, notBegun(workflowId, begins));
  if (!seen || (sent.kind === 'recorded' && seen.status.name === 'RUNNING')) return recorded(workflowId);
  const end = await endOf(client, workflowId, seen.runId);
  const how = endText(end);
  const { result } = end;
  if (result?.outcome !== 'aborted' && result?.outcome !== 'rolled-back')
    throw new CliError(EXIT.refused, `${workflowId} has ended, ${how}. Nothing is left to abort.`);
  return {
    text: `${workflowId} is stopped already, ${how}.`,
    document: { accepted: false, phase: 'ended', outcome: result.outcome, next: 'nothing is left to abort' },
    exitCode: EXIT.ok,
  };
}

function answered(answer: AbortAnswer): AbortTold {
  const { accepted, phase, inFlight, next } = answer;
  return {
    text: `${accepted ? 'Aborted' : 'Already stopping'} in phase ${phase}${inFlight === undefined ? '' : `, with ${oneLine(inFlight)} in flight`}: ${oneLine(next)}.`,
    document: { recorded: true, answered: true, ...answer },
    exitCode: EXIT.ok,
  };
}

function recorded(workflowId: string): AbortTold {
  return {
    text:
      `No worker has answered, so nothing has happened yet. The abort is kept by the server and acts as soon as a worker is back: golive worker (or golive up). ` +
      `What is deployed stays as it is until then; a command that runs goes on. See: golive status ${typedFor(workflowId)}.`,
    document: { recorded: true, answered: false, exitCode: EXIT.noWorker },
    exitCode: EXIT.noWorker,
  };
}

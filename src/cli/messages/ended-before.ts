import type { Client } from '@temporalio/client';
import { answeredText } from '../../domain/people/hold.js';
import { typedFor } from '../../domain/run/workflow-id.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { endText } from '../run/end-text.js';
import { endOf } from '../run/look-at-run.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Sent } from './sent.js';

/** Refuses what comes after the end of a run, with how it ended and, to an answer, who was first. @param runId the newest when left out */
export async function endedBefore(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId?: string },
  { verb, answers }: Pick<Sent, 'verb' | 'answers'>,
): Promise<CliError> {
  const end = await endOf(client, workflowId, runId);
  const last = answers ? end.result?.answered?.at(-1) : undefined;
  return new CliError(
    EXIT.refused,
    [
      `${workflowId} has ended, ${endText(end).replace(/\.$/, '')}.`,
      ...(last ? [`The last answer: ${oneLine(answeredText(last))}.`] : []),
      `There is nothing to ${verb}. See: golive status ${typedFor(workflowId)}`,
    ].join(' '),
  );
}

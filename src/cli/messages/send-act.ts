import type { Client } from '@temporalio/client';
import { decideUpdate } from '../../workflows/people/messages.js';
import type { FoundServer } from '../server/find-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { SaidBy } from '../../domain/people/said-by.js';
import type { Act } from './act.js';
import { abortRun } from './abort-run.js';
import { steerRun } from './steer-run.js';
import { sendUpdate, statusBefore } from './send-update.js';

const DECISION = { what: 'decision', verb: 'decide', answers: true } as const;

/** Does what somebody at a screen wants, exactly as the subcommand of that name does. Returns its answer, or throws it where it is a refusal. */
export async function sendAct(
  client: Client,
  server: FoundServer,
  { environment, workflowId }: { readonly environment: string; readonly workflowId: string },
  act: Act,
  { by, reason }: SaidBy,
): Promise<string> {
  switch (act.kind) {
    case 'abort':
      return (await abortRun(client, workflowId, server, { reason, by })).text;
    case 'decide': {
      await statusBefore(client, environment, server, DECISION);
      const decision = { hold: act.hold, choice: act.choice, by, reason };
      return `Decided ${oneLine(await sendUpdate(client, environment, decideUpdate, decision, DECISION))}.`;
    }
    default:
      return (await steerRun(client, environment, server, act.kind, { reason, by })).text;
  }
}

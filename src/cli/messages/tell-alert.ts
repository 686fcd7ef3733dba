import type { Client } from '@temporalio/client';
import { alertPayload, type Alert } from '../../domain/alerts/alert.js';
import { ALERT_SIGNAL, newlyIneffective } from '../../domain/people/steering.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { clock } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import { awaitEffect, keptByServer, sendSignal, type SignalTold } from './send-signal.js';

/** Tells the open go-live of an environment an alert, and what it makes of it. Throws a {@link CliError} when none is open, and with the go-live's own why when it has no effect. */
export async function tellAlert(
  client: Client,
  environment: string,
  server: FoundServer,
  alert: Alert,
): Promise<SignalTold> {
  const { sentAt, before } = await sendSignal(client, environment, server, ALERT_SIGNAL, alertPayload(alert));
  // A query that comes after a signal is answered after it.
  const { status } = await awaitEffect(client, environment, () => true);
  if (!status) return keptByServer(environment, 'alert');
  const ignored = newlyIneffective(before, status, sentAt).find(
    ({ what }) => what.includes('alert') && (what.includes(alert.trigger) || what.includes(alert.source)),
  );
  if (ignored)
    throw new CliError(
      EXIT.refused,
      `${workflowIdOf({ environment })} has taken it, and it has no effect: ${oneLine(ignored.what)}`,
    );
  return {
    text: `Told ${workflowIdOf({ environment })}: ${told(alert, status)}`,
    document: { answered: true },
    exitCode: EXIT.ok,
  };
}

function told({ trigger, state }: Alert, { alerts, environment }: GoLiveStatus): string {
  const shown = alerts.find((each) => each.trigger === trigger);
  if (!shown)
    return state === 'resolved'
      ? `${trigger} fires no more.`
      : `${trigger} ${state}. See: golive status ${environment}`;
  const due = shown.clock
    ? `; at ${clock(shown.clock.due)} it ${shown.clock.action === 'rollback' ? 'rolls back' : 'asks'}`
    : '';
  return `${trigger} ${state === 'resolved' ? 'is resolved by this source, and still ' : ''}${oneLine(shown.running)}${due}.`;
}

import type { Client } from '@temporalio/client';
import { readSaidBy, type SaidBy } from '../../domain/people/said-by.js';
import { effectOf, resumeCommand, type SteeringSignal } from '../../domain/people/steering.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { nextStep } from '../../domain/run/next-step.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { awaitEffect, keptByServer, sendSignal, type SignalTold } from './send-signal.js';

/** Sends a steering signal and waits until the go-live says what it did. Throws a {@link CliError} when none is open, and with the go-live's own why when it has no effect. */
export async function steerRun(
  client: Client,
  environment: string,
  server: FoundServer,
  signal: SteeringSignal,
  said: SaidBy,
): Promise<SignalTold> {
  const workflowId = workflowIdOf({ environment });
  const { sentAt, before } = await sendSignal(client, environment, server, signal, said);
  const { effect, status } = await awaitEffect(client, environment, (after) => {
    const found = effectOf(signal, readSaidBy(said), before, after, sentAt);
    return found.is === 'open' ? undefined : found;
  });
  if (!status) return keptByServer(environment, signal);
  if (effect?.is === 'none')
    throw new CliError(
      EXIT.refused,
      `${workflowId} has taken the ${signal}, and it has no effect: ${oneLine(effect.why)}.`,
    );
  if (effect)
    return {
      text: doneText(signal, environment, status),
      document: { answered: true, effect: 'done' },
      exitCode: EXIT.ok,
    };
  if (signal === 'promote')
    return {
      text: `${workflowId} has taken it: the next readings decide whether the soak ends. See: golive status ${environment}`,
      document: { answered: true, effect: 'open' },
      exitCode: EXIT.ok,
    };
  return {
    text: `Sent to ${workflowId}: ${signal}. A worker answers, and it hasn't said what it did. See: golive status ${environment}`,
    document: { answered: true, effect: 'open', exitCode: EXIT.noWorker },
    exitCode: EXIT.noWorker,
  };
}

function doneText(signal: SteeringSignal, environment: string, status: GoLiveStatus): string {
  const next = oneLine(nextStep(status) ?? '');
  switch (signal) {
    case 'pause':
      return `Paused.${next ? ` ${capital(next)} waits;` : ''} checks, breach clocks and a command that runs go on. To go on: ${resumeCommand(environment)}`;
    case 'resume':
      return `Resumed.${next ? ` Next: ${next}.` : ''}`;
    case 'promote':
      return `Promoted: the soak has ended.${next ? ` Next: ${next}.` : ''}`;
  }
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

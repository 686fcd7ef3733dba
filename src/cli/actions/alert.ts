import { alertPayload, readAlert } from '../../domain/alerts/alert.js';
import { ALERT_SIGNAL } from '../../domain/people/steering.js';
import { CliError } from '../exit/cli-error.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { signalCommand } from '../messages/signal-command.js';
import { tellAlert } from '../messages/tell-alert.js';

interface AlertOptions extends EnvironmentOptions {
  readonly trigger: string;
  readonly state: string;
  readonly since?: number;
  readonly value?: string;
  readonly source: string;
}

export async function alert(
  environment: string,
  { trigger, state, since, value, source, ...options }: AlertOptions,
): Promise<ExitCode> {
  // Without a time the worker would take the moment it reads the signal, which is late when it was away.
  const read = readAlert({ trigger, state, since, value, source }, Date.now());
  if ('refused' in read) throw new CliError(EXIT.usage, read.refused);
  return await signalCommand(environment, options, ALERT_SIGNAL, alertPayload(read), (client, server) =>
    tellAlert(client, environment, server, read),
  );
}

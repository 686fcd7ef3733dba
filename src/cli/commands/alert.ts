import { Command, InvalidArgumentError, Option } from 'commander';
import { alertPayload, readAlert } from '../../domain/alerts/alert.js';
import { readMoment } from '../../domain/time/moment.js';
import { ALERT_SIGNAL } from '../../domain/people/steering.js';
import { CliError } from '../exit/cli-error.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { SIGNAL_EXITS } from '../messages/send-signal.js';
import { signalCommand } from '../messages/signal-command.js';
import { tellAlert } from '../messages/tell-alert.js';

interface AlertOptions extends EnvironmentOptions {
  readonly trigger: string;
  readonly state: string;
  readonly since?: number;
  readonly value?: string;
  readonly source: string;
}

export function alertCommand(): Command {
  const command = new Command('alert')
    .summary('tells a go-live that an external trigger fires')
    .description(
      'Tells a go-live that one of its external triggers fires, or fires no more. "golive receive" does the same for Alertmanager and Grafana.',
    )
    .requiredOption('--trigger <name>', 'an external trigger of the playbook file')
    .addOption(
      new Option('--state <state>', 'the state of the alert; unknown: its monitoring gives no answer')
        .choices(['firing', 'resolved', 'unknown'])
        .makeOptionMandatory(),
    )
    .option('--since <time>', 'since when, such as 2026-03-01T02:00:00Z; now when left out', momentArgument)
    .option('--value <text>', 'what was measured; it is shown')
    .option('--source <name>', 'who says so: what one source has told, only that source resolves', 'cli');
  return environmentCommand(
    command,
    alert,
    [
      'golive alert prod --trigger p1-alert --state firing --value "checkout at 91 %"',
      'golive alert prod --trigger p1-alert --state resolved',
    ],
    SIGNAL_EXITS,
  );
}

async function alert(
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

function momentArgument(text: string): number {
  const at = readMoment(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError(
    'Write a time with its zone, such as 2026-03-01T02:00:00Z or 2026-03-01T03:00:00+01:00.',
  );
}

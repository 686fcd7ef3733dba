import type { SaidBy } from '../../domain/people/said-by.js';
import type { SteeringSignal } from '../../domain/people/steering.js';
import type { ExitCode } from '../exit/exit-codes.js';
import { signalCommand } from '../messages/signal-command.js';
import { steerRun } from '../messages/steer-run.js';
import type { EnvironmentOptions } from '../options/environment-command.js';

interface SteerOptions extends EnvironmentOptions, SaidBy {}

/** What `golive pause`, `resume` and `promote` do. */
export const steering =
  (signal: SteeringSignal) =>
  (environment: string, { reason, by, ...options }: SteerOptions): Promise<ExitCode> =>
    signalCommand(environment, options, signal, { reason, by }, (client, server) =>
      steerRun(client, environment, server, signal, { reason, by }),
    );

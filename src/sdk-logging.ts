import { Runtime, type ActivityInterceptors, type Logger as SdkLogger } from '@temporalio/worker';
import type { Level, Logger } from 'pino';
import { exporterOptions, type MetricsAddress } from './exporter/exporter-options.js';

let installed: Logger | undefined;

/**
 * Temporal's SDK logs through the same logger. It can be given one once in a process; later ones go to the first.
 * @param metrics where the SDK serves its metrics; only with the first. Throws when nobody can listen there.
 */
export function installLogger(log: Logger, metrics?: MetricsAddress): void {
  if (installed && metrics) throw new Error('Metrics are served from the first worker of a process on, or not at all.');
  if (installed) return;
  Runtime.install({
    logger: sdkLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} },
      ...(metrics ? { metrics: exporterOptions(metrics) } : {}),
    },
  });
  installed = log;
}

function sdkLogger(log: Logger): SdkLogger {
  const at = (level: Level) => (message: string, meta?: Record<string | symbol, unknown>) =>
    log[level](readable(meta), message);
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    log: (level, message, meta) => at(level.toLowerCase() as Level)(message, meta),
  };
}

/** Task tokens and the like only fill the line; a whole task, which the SDK logs when it has no such activity, is as long as whoever asked wants. */
const UNREAD = new Set(['taskToken', 'namespace', 'isLocal', 'task', 'taskEncoded']);

function readable(meta: Record<string | symbol, unknown> = {}): object {
  const { error, ...rest } = meta;
  const read = Object.entries(rest).filter(([name, value]) => value !== undefined && !UNREAD.has(name));
  return { ...Object.fromEntries(read), ...(error === undefined ? {} : { err: error }) };
}

/** Puts the step of the playbook on each line an activity logs. */
export function stepInterceptor(): ActivityInterceptors {
  let step: string | undefined;
  return {
    inbound: {
      execute(input, next) {
        const [first] = input.args as [{ step?: unknown; stage?: unknown } | undefined];
        const named = first?.step ?? first?.stage;
        step = typeof named === 'string' ? named : undefined;
        return next(input);
      },
    },
    outbound: {
      getLogAttributes(input, next) {
        return { ...next(input), ...(step === undefined ? {} : { step }) };
      },
    },
  };
}

import { pino, type DestinationStream, type Logger } from 'pino';

/** The one logger of a process: JSON lines, to stdout or to a file. `GOLIVE_LOG_LEVEL` says how much. */
export function createLog(destination?: DestinationStream): Logger {
  const options = {
    level: process.env['GOLIVE_LOG_LEVEL'] ?? 'info',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}

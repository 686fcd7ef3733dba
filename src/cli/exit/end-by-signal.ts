import { constants } from 'node:os';

/**
 * Ends this process at once as the signal would if nobody caught it; a shell sees 128 and the signal's number. What listens for `exit` has its turn.
 * `process.exit` alone would first wait for threads that may wait for ever: for a name server, a pipe, a file system that is away.
 */
export function endBySignal(signal: NodeJS.Signals): never {
  const exitCode = 128 + constants.signals[signal];
  try {
    process.emit('exit', exitCode);
  } finally {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(exitCode); // the first process of a container doesn't die of its own signal
}

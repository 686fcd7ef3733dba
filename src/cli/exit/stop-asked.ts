import { endBySignal } from './end-by-signal.js';

/** How a process in the foreground is asked to stop. */
export interface StopAsked {
  /** Resolves with the signal at the first SIGINT, SIGTERM or SIGHUP after the start. */
  readonly once: Promise<NodeJS.Signals>;
  /** From now on somebody awaits `once`: the first signal asks, the second one ends the process. */
  started(): void;
}

/**
 * Listens from now on. While things start, whatever they wait for, the first signal ends the process.
 * @param unfinished a sentence on what becomes of work that a second signal cuts off
 */
export function stopAsked(unfinished: string): StopAsked {
  let state: 'starting' | 'running' | 'stopping' = 'starting';
  const once = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (state === 'running') {
          state = 'stopping';
          resolve(signal);
          return;
        }
        // Straight to stderr: a log that writes later has no later.
        const words =
          state === 'starting' ? `Stopped while starting, by ${signal}.` : `Forced, by ${signal}. ${unfinished}`;
        process.stderr.write(`${words}\n`);
        endBySignal(signal);
      });
    }
  });
  return {
    once,
    started: () => {
      state = 'running';
    },
  };
}

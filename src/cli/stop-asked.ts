/** How a process in the foreground is asked to stop. */
export interface StopAsked {
  /** Resolves with the signal at the first SIGINT, SIGTERM or SIGHUP. */
  readonly once: Promise<NodeJS.Signals>;
  /** Calls `force` at the second one. */
  onSecond(force: (signal: NodeJS.Signals) => void): void;
}

/** Listens from now on, so that a stop which comes while things still start is not lost. */
export function stopAsked(): StopAsked {
  let force: ((signal: NodeJS.Signals) => void) | undefined;
  let asked = false;
  const once = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) force?.(signal);
        asked = true;
        resolve(signal);
      });
    }
  });
  return {
    once,
    onSecond: (given) => {
      force = given;
    },
  };
}

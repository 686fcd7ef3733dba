/** How long a test waits for something that should happen, in milliseconds: far longer than it takes, also on a busy machine. */
export const PATIENCE_MS = 120_000;

import type { ExitCode } from '../exit/exit-codes.js';

/** Finds what a subcommand does, with an `import()`. */
export type Load<Args extends unknown[]> = () => Promise<(...args: Args) => Promise<ExitCode>>;

/** An action of commander that is loaded when it is run, so that no subcommand waits for the code of another. What it returns becomes the exit code. */
export const loadedAction =
  <Args extends unknown[]>(load: Load<Args>) =>
  async (...args: Args): Promise<void> => {
    const act = await load();
    process.exitCode = await act(...args);
  };

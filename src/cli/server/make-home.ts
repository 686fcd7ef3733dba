import { access, constants } from 'node:fs/promises';
import type { Home } from '../../home.js';
import { makeDirectory } from '../../make-directory.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/** Makes a home for this user alone, unless it is there. Throws a {@link CliError} when it can't be made or written to. */
export async function makeHome({ folder }: Home): Promise<void> {
  try {
    await makeDirectory(folder, 0o700);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CliError(
      EXIT.failed,
      `golive can't keep its things in ${folder}: ${(error as Error).message}. Name a folder that this user may write to, on a local disk, with --home or GOLIVE_HOME.`,
      { cause: error },
    );
  }
}

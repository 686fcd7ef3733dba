import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../../home.js';
import { createDirectory } from '../../durable-file.js';
import { lockNumbers, NumberedLock, type HeldLock } from '../../ledger/numbered-lock.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/**
 * Takes a home for one `golive up`: two would run two servers on one database file, or stop each other's. It is held until released or until this
 * process ends, however it does. Throws a {@link CliError} that names who holds it.
 */
export async function lockHome(home: Home): Promise<HeldLock> {
  const directory = join(home.folder, 'up');
  await createDirectory(home.folder, directory);
  const lock = new NumberedLock(directory);
  for (;;) {
    const view = await lock.view();
    if (view.state === 'held') {
      const { pid } = view.owner;
      throw new CliError(
        EXIT.refused,
        `golive already runs in ${home.folder} as process ${pid}. Use it from another terminal (golive start, status, abort), stop it first with Ctrl-C there or kill ${pid}, or name another home with --home.`,
      );
    }
    if (view.state === 'unseen') {
      throw new CliError(
        EXIT.refused,
        `golive may still run in ${home.folder}: ${view.why}. Make sure that it has ended, remove ${directory}, and start again; or name another home with --home.`,
      );
    }
    const held = await lock.takeAfter(view.number, 'supervisor', 'golive up');
    if (!held) continue; // another one was quicker: it is named at the next look
    // Those before count no more, and each start would leave two files.
    const before = (await lockNumbers(directory))
      .filter((number) => number <= view.number)
      .map((number) => join(directory, `lock.${number}`));
    await Promise.all(before.flatMap((file) => [rm(file, { force: true }), rm(`${file}.released`, { force: true })]));
    return held;
  }
}

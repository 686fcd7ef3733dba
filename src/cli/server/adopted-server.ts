import { setTimeout as sleep } from 'node:timers/promises';
import { stopDevServer, type DevServer } from '../../temporal/dev-server.js';
import { commandLine, killAtExit } from '../../temporal/server-process.js';
import { runningDevServer } from '../../temporal/server-record.js';

const LOOK_EVERY_MS = 500;

/**
 * The server that still runs on a database file because whoever started it met a hard end, as if it had been started here; undefined when there is
 * none. Its death is seen by looking, twice a second: it is nobody's child any more.
 */
export async function adoptedServer(dbFile: string): Promise<DevServer | undefined> {
  const record = await runningDevServer(dbFile);
  const words = record && (await commandLine(record.pid));
  if (!record || words === undefined) return undefined;
  const { pid } = record;
  const { uiUrl, ...rest } = record;
  const spare = killAtExit(pid);
  const ended = untilGone(pid, words).then(() => {
    spare();
    return 'has ended';
  });
  return {
    ...rest,
    ...(uiUrl === undefined ? {} : { uiUrl }),
    cli: words.split(' server start-dev ')[0] ?? words,
    ended,
    stop: async () => {
      await stopDevServer(dbFile);
    },
  };
}

/** The command line is compared too: the pid may soon be a stranger's. */
async function untilGone(pid: number, words: string): Promise<void> {
  while ((await commandLine(pid)) === words) await sleep(LOOK_EVERY_MS, undefined, { ref: false });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { outputTitle } from '../screens/command-screen.js';
import { serverFault } from '../server/server-fault.js';
import type { OutputPrinter } from '../terminal/output-printer.js';
import { oneLine } from '../terminal/terminal-text.js';
import { CommandOutput, HostAway, lastLines, nearEnd } from './command-output.js';
import { commandName, commandsOf, type RunCommand } from './run-commands.js';
import type { RunView } from './run-view.js';

const LOOK_EVERY_MS = 1_000;
/** The longest that one read waits for news. */
const WAIT_MS = 10_000;
const AWAY_MS = 2_000;

export interface Following {
  readonly client: Client;
  readonly look: () => Promise<RunView>;
  /** The folder of this home's ledger. */
  readonly ledger: string;
  /** Begins with so many of the last lines of each stream. */
  readonly lines?: number | undefined;
  /** A remark beside the output. */
  readonly note: (text: string) => void;
  readonly printer: () => OutputPrinter;
}

/**
 * Prints what a command prints until it ends, and then, with `andNext`, what each next one prints, until the run ends. It outlasts hosts and servers that
 * are away for a while.
 */
export async function followCommands(
  following: Following,
  view: RunView,
  command: RunCommand | undefined,
  andNext: boolean,
): Promise<void> {
  const { client, look } = following;
  const done = new Set((await patiently(following, () => commandsOf(client, view))).map(commandName));
  for (let [seen, now] = [view, command]; ;) {
    if (now) await followCommand(following, seen, now);
    if (now && !andNext) return;
    const isOver = !seen.running;
    if (!isOver) await sleep(LOOK_EVERY_MS);
    if (now) done.add(commandName(now));
    // Once more after the end: it may have run another one meanwhile.
    if (!isOver) seen = await patiently(following, look);
    now = (await patiently(following, () => commandsOf(client, seen))).find((each) => !done.has(commandName(each)));
    if (isOver && !now) return;
  }
}

async function followCommand(following: Following, view: RunView, command: RunCommand): Promise<void> {
  const { client, look, ledger, lines, note } = following;
  const printer = following.printer();
  let output = new CommandOutput(client, view, command, ledger, nearEnd(lines));
  let told = '';
  for (let where = ''; ;) {
    const news = await patiently(following, () => output.next(where === '' ? 0 : WAIT_MS));
    const { source, running } = news;
    const isFirst = source.where !== where;
    if (isFirst) note(outputTitle(command, news, Date.now()));
    where = source.where;
    const [stdout, stderr] = [news.stdout, news.stderr].map((part) => (isFirst ? lastLines(part, lines) : part));
    const text = `${stdout?.toString('latin1')}${stderr?.toString('latin1')}`;
    if (source.kind !== 'history' || text !== told) {
      printer.write('stdout', stdout ?? Buffer.alloc(0));
      printer.write('stderr', stderr ?? Buffer.alloc(0));
    }
    if (!running && (text === '' || source.kind === 'history')) {
      printer.end();
      return note(`${commandName(command)}: ${oneLine(news.state)}`);
    }
    if (!running) continue;
    // Each read through Temporal is an activity of its own.
    if (source.kind !== 'ledger') await sleep(LOOK_EVERY_MS);
    if (source.kind !== 'history') continue;
    // Its host may be back.
    told = text;
    const seen = await patiently(following, look);
    const current = (await patiently(following, () => commandsOf(client, seen))).find(
      (each) => commandName(each) === commandName(command),
    );
    output = new CommandOutput(client, seen, current ?? command, ledger, nearEnd(lines));
  }
}

/** What waits for nothing but a server or a host that is back is tried again, and said once. */
async function patiently<T>({ note }: Following, attempt: () => Promise<T>): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      const done = await attempt();
      if (told) note('It answers again.');
      return done;
    } catch (error) {
      const isAway = serverFault(error) !== undefined || error instanceof HostAway;
      if (!isAway) throw error;
      if (!told) note(`Waiting: ${oneLine(serverFault(error) ?? (error as Error).message)}`);
      await sleep(AWAY_MS);
    }
  }
}

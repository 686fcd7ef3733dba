import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { homeAt } from '../../home.js';
import type { ServerOptions } from '../options/shared-options.js';
import { CommandOutput } from '../run/command-output.js';
import { commandName, commandsOf, tellingCommand } from '../run/run-commands.js';
import type { RunView } from '../run/run-view.js';
import { outputTitle } from '../screens/command-screen.js';
import { withClient } from '../server/find-server.js';
import { OutputText } from '../terminal/output-printer.js';
import { oneLine } from '../terminal/terminal-text.js';

const READ_EVERY_MS = 1_000;
/** Each read through Temporal is an activity of its own. */
const ASK_HOST_EVERY_MS = 2_000;
const LAST_BYTES = 64 * 1_024;
const MOST_LINES = 2_000;

/** The end of what `golive logs` prints of a run, for as long as somebody looks at it, over a connection of its own. */
export class OutputPage {
  title = ASKING;
  #calls = 0;
  #ended: string[] = [];
  #text = new OutputText();
  #open: AbortController | undefined;

  /** @param view what is known of the run now */
  constructor(
    private readonly options: ServerOptions,
    private readonly view: () => RunView | undefined,
    private readonly changed: () => void,
  ) {}

  get lines(): readonly string[] {
    return [...this.#ended, ...this.#text.begun()];
  }

  /** A call is under way, which may take as long as it takes. */
  get isBusy(): boolean {
    return this.#calls > 0;
  }

  open(): void {
    if (this.#open) return;
    const opened = (this.#open = new AbortController());
    this.#begin(ASKING);
    void this.#read(opened.signal);
  }

  close(): void {
    this.#open?.abort();
    this.#open = undefined;
  }

  /** Whatever goes wrong is told where the output would be, and tried again. */
  async #read(closed: AbortSignal): Promise<void> {
    while (!closed.aborted) {
      this.#calls += 1;
      try {
        await withClient(this.options, (client) => this.#follow(client, closed));
      } catch (error) {
        if (!closed.aborted) this.#begin(`The output can't be read now: ${(error as Error).message}`);
      }
      this.#calls -= 1;
      await pause(ASK_HOST_EVERY_MS, closed);
    }
  }

  async #follow(client: Client, closed: AbortSignal): Promise<void> {
    let output: CommandOutput | undefined;
    let shown = '';
    for (let [isOver, isNew] = [false, true]; !closed.aborted;) {
      const view = this.view();
      const command = view && tellingCommand(await commandsOf(client, view));
      if (closed.aborted) return;
      if (!view || !command) {
        this.#begin(view ? 'No command has run yet.' : 'Nothing is known of a run yet.');
        await pause(READ_EVERY_MS, closed);
        continue;
      }
      if (!output || commandName(command) !== shown) {
        if (shown !== '' && commandName(command) !== shown) this.#begin(ASKING);
        output = new CommandOutput(client, view, command, homeAt(this.options.home).ledger, LAST_BYTES);
        shown = commandName(command);
        [isOver, isNew] = [false, true];
      }
      if (!isOver) {
        const news = await output.next();
        if (closed.aborted) return;
        const isQuiet = news.stdout.length === 0 && news.stderr.length === 0;
        if (isNew) [this.#ended, this.#text] = [[], new OutputText()];
        isNew = false;
        this.#ended.push(...this.#text.add('stdout', news.stdout), ...this.#text.add('stderr', news.stderr));
        this.#ended.splice(0, Math.max(0, this.#ended.length - MOST_LINES));
        this.title = outputTitle(command, news, Date.now());
        this.changed();
        isOver = isQuiet && !news.running;
        // Its host may be back when it is asked the next time.
        if (news.source.kind === 'history') output = undefined;
        if (news.source.kind !== 'ledger') await pause(ASK_HOST_EVERY_MS - READ_EVERY_MS, closed);
      }
      await pause(READ_EVERY_MS, closed);
    }
  }

  #begin(title: string): void {
    this.title = oneLine(title);
    this.#ended = [];
    this.#text = new OutputText();
    this.changed();
  }
}

const ASKING = 'Asking for the output …';

const pause = (milliseconds: number, closed: AbortSignal) =>
  sleep(milliseconds, undefined, { signal: closed }).catch(() => undefined);

import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../server/find-server.js';
import { sendAct } from '../messages/send-act.js';
import type { ServerOptions } from '../options/shared-options.js';
import { FullScreen, type Key } from '../terminal/full-screen.js';
import { wrapped } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { paintFor } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Act } from '../messages/act.js';
import { endBySignal } from '../exit/end-by-signal.js';
import { actText, dialogLine, NO_DIALOG, press, type Dialog } from './dialog.js';
import { situationOf, type Situation } from './situation.js';
import { frame } from './frame.js';
import { LookAround } from './look-around.js';
import { OutputPage } from './output-page.js';
import type { Page } from './page.js';
import { takeLook } from './take-look.js';
import type { Watched } from './watched.js';

const LOOK_EVERY_MS = 1_000;
const SHOW_EVERY_MS = 1_000;

/** What to watch, and who sits in front of it. */
export interface Watch {
  readonly environment: string;
  readonly workflowId: string;
  readonly dryRun: boolean;
  readonly by: string;
  /** Begins with everything that has happened. */
  readonly timeline?: boolean;
  readonly options: ServerOptions;
}

/** The screen of one who watches, until a key ends it. Looking, showing and sending don't wait for each other. */
export class WatchScreen {
  /** Somebody has quit while a look was under way, which may take as long as it takes. */
  hangs = false;
  readonly #screen = new FullScreen(
    process.stdin,
    process.stdout,
    (key) => this.#press(key),
    () => this.#show(),
  );
  readonly #quit = new AbortController();
  readonly #paint = paintFor(process.stdout, process.env);
  #watched: Watched;
  #dialog: Dialog = NO_DIALOG;
  #page: { readonly kind: 'timeline' | 'output'; readonly from: number } | undefined;
  readonly #output: OutputPage;
  #answer = '';
  #hurry = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #interrupted = false;

  constructor(private readonly watch: Watch) {
    const { environment, workflowId, timeline, options } = watch;
    this.#watched = { environment, workflowId, history: new Map() };
    if (timeline) this.#page = { kind: 'timeline', from: 0 };
    this.#output = new OutputPage(
      options,
      () => this.#watched.view,
      () => this.#show(),
    );
  }

  /** Shows it until somebody quits. Returns what was known by then; what was being sent has been, or is known not to have been. */
  async run(): Promise<Watched> {
    this.#screen.open();
    const ticking = setInterval(() => this.#show(), SHOW_EVERY_MS);
    try {
      await this.#look();
    } finally {
      clearInterval(ticking);
      this.#output.close();
      this.hangs ||= this.#output.isBusy;
      this.#screen.close();
    }
    if (this.#sending.size > 0) {
      process.stdout.write('Waiting for the answer to what was sent; Ctrl-C leaves without it.\n');
      await Promise.all(this.#sending);
      process.stdout.write(`${this.#answer}\n`);
    }
    if (this.#interrupted) endBySignal('SIGINT');
    return this.#watched;
  }

  async #look(): Promise<void> {
    const { environment, workflowId, options } = this.watch;
    const around = new LookAround(environment, workflowId, options);
    const quit = new Promise<undefined>((resolve) =>
      this.#quit.signal.addEventListener('abort', () => resolve(undefined)),
    );
    while (!this.#quit.signal.aborted) {
      // Whoever quits doesn't wait for a look that hangs. Its connection stays open: a call that is being retried when that closes takes the process down with it.
      const look = await Promise.race([around.look(), quit]);
      if (!look) {
        this.hangs = true;
        return;
      }
      this.#watched = takeLook(this.#watched, look, Date.now());
      this.#show();
      this.#hurry = new AbortController();
      const waits = AbortSignal.any([this.#quit.signal, this.#hurry.signal]);
      await sleep(LOOK_EVERY_MS, undefined, { signal: waits }).catch(() => undefined);
    }
    await around.close();
  }

  #show(): void {
    const { columns, rows } = this.#screen;
    const answer = this.#answer === '' ? [] : wrapped(this.#answer, columns, 2);
    const bottom: Line[] = [
      ...answer.map((line): Line => [[line, 'bold', 'cyan']]),
      dialogLine(this.#dialog, this.watch, this.#situation, columns),
    ];
    this.#screen.show(
      frame(this.#watched, {
        columns,
        rows,
        now: Date.now(),
        paint: this.#paint,
        bottom,
        ...this.#shownPage(),
      }),
    );
  }

  #shownPage(): { page?: Page } {
    if (!this.#page) return {};
    const { kind, from } = this.#page;
    const { title, lines } = this.#output;
    return { page: kind === 'timeline' ? { kind, from } : { kind, from, title, lines } };
  }

  get #situation(): Situation {
    return situationOf(this.#watched, this.watch.dryRun);
  }

  #press(key: Key): void {
    const { dialog, effect } = press(this.#dialog, key, this.#situation);
    this.#dialog = dialog;
    switch (effect?.kind) {
      case 'quit':
        this.#quit.abort();
        break;
      case 'interrupt':
        if (this.#sending.size === 0) endBySignal('SIGINT');
        this.#interrupted = true;
        this.#quit.abort();
        break;
      case 'say':
        this.#say(effect.text);
        break;
      case 'page':
        this.#turnTo(effect.page);
        break;
      case 'scroll':
        if (this.#page) this.#page = { ...this.#page, from: this.#scrolled(this.#page, effect.by) };
        break;
      case 'send':
        this.#send(effect.act, effect.reason);
        break;
    }
    this.#show();
  }

  #turnTo(page: 'overview' | 'timeline' | 'output'): void {
    this.#page = page === 'overview' || page === this.#page?.kind ? undefined : { kind: page, from: 0 };
    if (this.#page?.kind === 'output') this.#output.open();
    else this.#output.close();
  }

  /** Down is towards what is older in a list that begins with the latest, and towards what is newer in an output. */
  #scrolled({ kind, from }: { readonly kind: 'timeline' | 'output'; readonly from: number }, by: number): number {
    const { view } = this.#watched;
    const all = kind === 'output' ? this.#output.lines : (view?.result?.timeline ?? view?.timeline ?? []);
    return Math.max(0, Math.min(from + (kind === 'output' ? -by : by), all.length - 1));
  }

  #send(act: Act, reason: string): void {
    const what = actText(act, this.watch.environment);
    this.#say(`Sending: ${what}: ${reason}`);
    const sending = this.#answerTo(act, reason)
      .catch((error: unknown) => `NOT DONE: ${what}: ${error instanceof Error ? error.message : String(error)}`)
      .then((answer) => {
        this.#say(answer);
        this.#sending.delete(sending);
        this.#hurry.abort();
      });
    this.#sending.add(sending);
  }

  /** Over a connection of its own, as the subcommand would: that of the looks may hang. */
  async #answerTo(act: Act, reason: string): Promise<string> {
    const { options, by } = this.watch;
    return await withClient(options, (client, server) => sendAct(client, server, this.watch, act, { by, reason }));
  }

  /** What was answered stays until something else is. */
  #say(text: string): void {
    this.#answer = oneLine(text);
    this.#show();
  }
}

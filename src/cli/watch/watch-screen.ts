import { setTimeout as sleep } from 'node:timers/promises';
import { FullScreen, type Key } from '../terminal/full-screen.js';
import { wrapped } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { paintFor } from '../terminal/paint.js';
import { endBySignal } from '../exit/end-by-signal.js';
import { NO_DIALOG, press, type Dialog } from './dialog.js';
import { dialogLine } from './dialog-line.js';
import { situationOf, type Situation } from './situation.js';
import { frame } from './frame.js';
import { LookAround } from './look-around.js';
import { Pages } from './pages.js';
import { Sending } from './sending.js';
import { takeLook } from './take-look.js';
import type { Watch, Watched } from './watched.js';

const LOOK_EVERY_MS = 1_000;
const SHOW_EVERY_MS = 1_000;

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
  readonly #around: LookAround;
  readonly #pages: Pages;
  readonly #sending: Sending;
  #watched: Watched;
  #dialog: Dialog = NO_DIALOG;
  #hurry = new AbortController();
  #interrupted = false;

  constructor(private readonly watch: Watch) {
    const { environment, workflowId, timeline, options } = watch;
    this.#watched = { environment, workflowId, history: new Map() };
    const show = () => this.#show();
    this.#around = new LookAround(environment, workflowId, options);
    this.#pages = new Pages(options, () => this.#watched.view, show);
    this.#sending = new Sending(watch, show, () => this.#hurry.abort());
    if (timeline) this.#pages.turnTo('timeline');
  }

  /** Shows it until somebody quits. Returns what was known by then; what was being sent has been, or is known not to have been. */
  async run(): Promise<Watched> {
    this.#screen.open();
    const ticking = setInterval(() => this.#show(), SHOW_EVERY_MS);
    try {
      await this.#look();
    } finally {
      clearInterval(ticking);
      this.#pages.close();
      this.hangs ||= this.#pages.isBusy;
      this.#screen.close();
    }
    if (this.#sending.isBusy) {
      process.stdout.write('Waiting for the answer to what was sent; Ctrl-C leaves without it.\n');
      await this.#sending.settled();
      process.stdout.write(`${this.#sending.said}\n`);
    }
    if (this.#interrupted) endBySignal('SIGINT');
    return this.#watched;
  }

  async #look(): Promise<void> {
    const quit = new Promise<undefined>((resolve) =>
      this.#quit.signal.addEventListener('abort', () => resolve(undefined)),
    );
    while (!this.#quit.signal.aborted) {
      // Whoever quits doesn't wait for a look that hangs. Its connection stays open: a call that is being retried when that closes takes the process down with it.
      const look = await Promise.race([this.#around.look(), quit]);
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
    await this.#around.close();
  }

  #show(): void {
    const { columns, rows } = this.#screen;
    const { said } = this.#sending;
    const bottom: Line[] = [
      ...(said === '' ? [] : wrapped(said, columns, 2)).map((line): Line => [[line, 'bold', 'cyan']]),
      dialogLine(this.#dialog, this.watch, this.#situation, columns),
    ];
    const { waits } = this.#around;
    const page = this.#pages.shown;
    this.#screen.show(
      frame(
        { ...this.#watched, ...(waits ? { waits } : {}) },
        { columns, rows, now: Date.now(), paint: this.#paint, bottom, ...(page ? { page } : {}) },
      ),
    );
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
        if (!this.#sending.isBusy) endBySignal('SIGINT');
        this.#interrupted = true;
        this.#quit.abort();
        break;
      case 'say':
        this.#sending.say(effect.text);
        break;
      case 'page':
        this.#pages.turnTo(effect.page);
        break;
      case 'scroll':
        this.#pages.scroll(effect.by);
        break;
      case 'send':
        this.#sending.send(effect.act, effect.reason);
        break;
    }
    this.#show();
  }
}

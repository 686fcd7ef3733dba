import * as ansi from 'ansi-escapes';
import { emitKeypressEvents, type Key as NodeKey } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { endBySignal } from '../exit/end-by-signal.js';

/** A key that somebody pressed: its name where it has one (`interrupt` is Ctrl-C), and the text it stands for where it stands for any. */
export interface Key {
  readonly name: string;
  readonly text: string;
  /** It was not pressed, but is a part of a text that was pasted. */
  readonly pasted?: true;
}

type Output = Pick<WriteStream, 'write' | 'columns' | 'rows' | 'writableNeedDrain' | 'on' | 'off'>;
type Input = Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;

/** Lines that a terminal has misjudged the width of don't wrap: that would scroll everything. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
/** What is pasted comes with marks around it: a text that was meant for another window must not act as keys. */
const MARK_PASTED = '\u001b[?2004h';
const DONT_MARK = '\u001b[?2004l';
/** What Ctrl-Z stops: also who has started this and waits for it, such as npx, or the shell would wait for that. */
const WHOLE_JOB = 0;
const NOT_STOPPED_MS = 200;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The whole of a terminal, for lines that change in place: on its alternate screen, so nothing of it stays in the scrollback, and only what differs is
 * written, in one piece. However this process ends (but by KILL), the terminal is as it was before.
 */
export class FullScreen {
  #open = false;
  #isWatched = false;
  #pasting = false;
  #shown: readonly string[] = [];
  readonly #onKey: (text: string | undefined, key: NodeKey) => void;
  readonly #onStop = (): void => this.#stepAside(process.pid);
  readonly #onSignals = SIGNALS.map((signal) => [signal, () => this.#end(signal)] as const);

  /** @param changed its size has changed, or it was away: it wants all lines anew */
  constructor(
    private readonly input: Input,
    private readonly output: Output,
    pressed: (key: Key) => void,
    private readonly changed: () => void,
  ) {
    this.#onKey = (text, { name = '', ctrl, sequence = '' }) => {
      if (name === 'paste-start' || name === 'paste-end') this.#pasting = name === 'paste-start';
      else if (ctrl && name === 'c') pressed({ name: 'interrupt', text: '' });
      else if (ctrl && name === 'z') this.#stepAside(WHOLE_JOB);
      else pressed({ name: ctrl ? '' : name, text: typed(text, sequence), ...(this.#pasting ? { pasted: true } : {}) });
    };
  }

  get columns(): number {
    return this.output.columns || 80; // some terminals don't know
  }

  get rows(): number {
    return this.output.rows || 24;
  }

  open(): void {
    this.#isWatched = true;
    process.on('exit', this.#leave);
    // Before the trace is printed, which else would be on the screen that is left.
    process.on('uncaughtExceptionMonitor', this.#leave);
    for (const [signal, end] of this.#onSignals) process.on(signal, end);
    process.on('SIGCONT', this.#enter);
    this.output.on('resize', this.#resized);
    if (this.input.isTTY) {
      emitKeypressEvents(this.input as ReadStream);
      this.input.on('keypress', this.#onKey);
      this.input.resume();
    }
    this.#enter();
  }

  close(): void {
    this.#isWatched = false;
    this.#leave();
    process.off('SIGTSTP', this.#onStop);
    process.off('exit', this.#leave);
    process.off('uncaughtExceptionMonitor', this.#leave);
    for (const [signal, end] of this.#onSignals) process.off(signal, end);
    process.off('SIGCONT', this.#enter);
    this.output.off('resize', this.#resized);
    this.input.off('keypress', this.#onKey);
    this.input.pause();
  }

  /** Shows these lines. A terminal that is too slow for them gets the next ones instead: nothing waits for it. */
  show(lines: readonly string[]): void {
    if (!this.#open || this.output.writableNeedDrain) return;
    const differing = lines.flatMap((line, row) =>
      line === this.#shown[row] ? [] : [ansi.cursorTo(0, row), ansi.eraseEndLine, line],
    );
    const below = lines.length < this.#shown.length ? [ansi.cursorTo(0, lines.length), ansi.eraseDown] : [];
    this.#shown = lines;
    const text = [...differing, ...below].join('');
    if (text !== '') this.output.write(ansi.synchronizedOutput(text));
  }

  readonly #enter = (): void => {
    if (this.#open) return;
    this.#open = true;
    process.on('SIGTSTP', this.#onStop);
    this.#shown = [];
    if (this.input.isTTY) this.input.setRawMode(true);
    this.output.write(ansi.enterAlternativeScreen + ansi.cursorHide + NO_WRAP + MARK_PASTED + ansi.clearViewport);
    this.changed();
  };

  readonly #leave = (): void => {
    if (!this.#open) return;
    this.#open = false;
    if (this.input.isTTY) this.input.setRawMode(false);
    this.output.write(DONT_MARK + WRAP + ansi.cursorShow + ansi.exitAlternativeScreen);
  };

  readonly #resized = (): void => {
    // What a terminal makes of the lines it has is its own affair: all are written anew.
    this.#shown = [];
    if (this.#open) this.output.write(ansi.clearViewport);
    this.changed();
  };

  /** Ctrl-Z, or the signal that it stands for: as with any program, until the shell lets it go on. */
  #stepAside(who: number): void {
    this.#leave();
    process.off('SIGTSTP', this.#onStop);
    process.kill(who, 'SIGTSTP');
    // Where no shell could let it go on it isn't stopped.
    setTimeout(() => this.#isWatched && this.#enter(), NOT_STOPPED_MS).unref();
  }

  #end(signal: NodeJS.Signals): never {
    this.#leave();
    return endBySignal(signal);
  }
}

/** The text that a key stands for; escape sequences and control characters stand for none. */
const typed = (text = '', sequence: string): string =>
  /^\P{Cc}+$/u.test(text) && !sequence.startsWith('\u001b') ? text : '';

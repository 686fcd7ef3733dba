import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WAKES_MS = 100;

export const GOLIVE = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface TerminalEnded {
  readonly exitCode: number;
  readonly signal: number | undefined;
}

/** A program in a pseudo-terminal, and what a terminal makes of what it writes. */
export class TerminalSession {
  readonly ended: Promise<TerminalEnded>;
  readonly #terminal: xterm.Terminal;
  readonly #process: pty.IPty;
  #changed: () => void = () => undefined;

  /** @param program what runs the script; Node when left out */
  constructor(
    script: string,
    args: readonly string[],
    {
      columns,
      rows,
      env,
      program = process.execPath,
    }: {
      readonly columns: number;
      readonly rows: number;
      readonly env: NodeJS.ProcessEnv;
      readonly program?: string;
    },
  ) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#process = pty.spawn(program, [script, ...args], {
      cols: columns,
      rows,
      name: 'xterm-256color',
      env: { GOLIVE_COMMAND: 'golive', ...env, TERM: 'xterm-256color' },
    });
    this.#process.onData((text) => this.#terminal.write(text, () => this.#changed()));
    this.ended = new Promise((resolve) => {
      this.#process.onExit(({ exitCode, signal }) =>
        // What it wrote last is still being read.
        setImmediate(() => this.#terminal.write('', () => resolve({ exitCode, signal: signal || undefined }))),
      );
    });
  }

  /** The lines that are seen now. */
  get lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from(
      { length: this.#terminal.rows },
      (_, row) =>
        active
          .getLine(active.viewportY + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
  }

  /** As one text, without regard to how it is broken into lines. */
  get text(): string {
    return this.lines.join(' ').replace(/\s+/g, ' ');
  }

  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** How many lines one can scroll back to. */
  get scrollback(): number {
    return this.#terminal.buffer.normal.baseY;
  }

  press(text: string): void {
    this.#process.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits until the screen is so. Rejects, with the screen, when the program ends before. */
  async until(isSo: (session: TerminalSession) => boolean): Promise<void> {
    let over = false;
    void this.ended.then(() => {
      over = true;
      this.#changed();
    });
    while (!isSo(this)) {
      if (over) throw new Error(`It ended, with this on the screen:\n${this.lines.join('\n')}`);
      // With several terminals open the event loop can sleep over what one of them has written; a timer wakes it.
      await Promise.race([new Promise<void>((resolve) => (this.#changed = resolve)), sleep(WAKES_MS)]);
    }
  }

  async shows(text: string): Promise<void> {
    await this.until((session) => session.text.includes(text));
  }

  /** Ends the program, should it still run. */
  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { wrongCommands } from '../support/printed-commands.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface Ended {
  /** As a shell has it: 128 and its number for a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `golive` as an operator runs it: a process of its own. */
export class GoLiveProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [MAIN, ...args], {
      env: { GOLIVE_COMMAND: 'golive', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.#stdout += chunk));
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
    this.ended = once(this.#child, 'close').then(() => ({
      exitCode: this.#child.signalCode ? 128 + constants.signals[this.#child.signalCode] : this.#child.exitCode,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** The document that `--json` prints while the process goes on. Rejects when it ends without one. */
  async document<T>(): Promise<T> {
    for (;;) {
      const text = this.#stdout;
      try {
        return JSON.parse(text) as T;
      } catch {
        const more = this.#child.stdout ? once(this.#child.stdout, 'data').then(() => undefined) : this.ended;
        const ended = await Promise.race([this.ended, more]);
        if (ended)
          throw new Error(
            `golive ended with ${ended.exitCode} before it printed a document: ${ended.stdout}${ended.stderr}`,
          );
      }
    }
  }

  /** Waits until it has said this, on either stream. Rejects when it ends without. */
  async says(text: string): Promise<void> {
    while (!(this.#stdout + this.#stderr).includes(text)) {
      const more = [this.#child.stdout, this.#child.stderr].map((stream) => stream && once(stream, 'data'));
      const ended = await Promise.race([this.ended, ...more.map((each) => each?.then(() => undefined))]);
      if (ended)
        throw new Error(`golive ended with ${ended.exitCode} before it said that: ${ended.stdout}${ended.stderr}`);
    }
  }

  /** Sends a signal and waits for the end. Does nothing to a process that has ended. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return await this.ended;
  }
}

/** Runs `golive` to its end. Throws when it has printed a command that it would not take. */
export async function golive(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const ended = await new GoLiveProcess(args, env).ended;
  // What an approval signs begins like a command.
  const wrong = args.includes('--text') ? [] : await wrongCommands(`${ended.stdout}\n${ended.stderr}`);
  if (wrong.length > 0) throw new Error(`golive ${args.join(' ')} printed what nobody can paste: ${wrong.join('; ')}`);
  return ended;
}

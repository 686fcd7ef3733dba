import { sendAct } from '../messages/send-act.js';
import type { Act } from '../messages/act.js';
import { withClient } from '../server/find-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { actText } from './dialog-line.js';
import type { Watch } from './watched.js';

/** What somebody who watches has sent, and what was answered. */
export class Sending {
  #said = '';
  readonly #underWay = new Set<Promise<void>>();

  /** @param changed there is something else to show. @param answered something was done, or is known not to have been */
  constructor(
    private readonly watch: Watch,
    private readonly changed: () => void,
    private readonly answered: () => void,
  ) {}

  /** What was said last: it stays until something else is. */
  get said(): string {
    return this.#said;
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  say(text: string): void {
    this.#said = oneLine(text);
    this.changed();
  }

  /** Sends it and says the answer, whatever that is. */
  send(act: Act, reason: string): void {
    const what = actText(act, this.watch.environment);
    this.say(`Sending: ${what}: ${reason}`);
    const sending = this.#answerTo(act, reason)
      .catch((error: unknown) => `NOT DONE: ${what}: ${error instanceof Error ? error.message : String(error)}`)
      .then((answer) => {
        this.say(answer);
        this.#underWay.delete(sending);
        this.answered();
      });
    this.#underWay.add(sending);
  }

  /** Resolves when everything that was sent has its answer. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Over a connection of its own, as the subcommand would: that of the looks may hang. */
  async #answerTo(act: Act, reason: string): Promise<string> {
    const { options, by } = this.watch;
    return await withClient(options, (client, server) => sendAct(client, server, this.watch, act, { by, reason }));
  }
}

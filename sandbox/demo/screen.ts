/** Where the demo writes: one line for each thing that happens, with the seconds since the demo began. */
export class Screen {
  readonly #begun = Date.now();

  constructor(private readonly write: (text: string) => void = (text) => void process.stdout.write(text)) {}

  heading(text: string): void {
    this.write(`\n== ${text}\n`);
  }

  plain(text: string): void {
    this.write(`${text}\n`);
  }

  /** @param at epoch milliseconds of what happened; now if left out */
  line(text: string, at = Date.now()): void {
    this.write(`${this.seconds(at).padStart(6)}s  ${text}\n`);
  }

  /** Seconds since the demo began. */
  seconds(at: number): string {
    return (Math.max(0, at - this.#begun) / 1_000).toFixed(1);
  }
}

/** What has to end with something: in reverse order of its beginning, all of it, once. */
export class Ending {
  readonly #ends: (() => unknown)[] = [];
  #ended: Promise<void> | undefined;

  /** Ends this too. At once, when everything else has ended already. */
  async add(end: () => unknown): Promise<void> {
    if (this.#ended) await end();
    else this.#ends.push(end);
  }

  /** What ends with this one, or before it. */
  child(): Ending {
    const child = new Ending();
    void this.add(() => child.end());
    return child;
  }

  /** Ends everything. Rejects with the first thing that went wrong, after the rest. */
  end(): Promise<void> {
    return (this.#ended ??= this.#endAll());
  }

  async #endAll(): Promise<void> {
    const faults: unknown[] = [];
    for (const end of this.#ends.reverse()) {
      try {
        await end();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }
}

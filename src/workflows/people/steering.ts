import { readSaidBy, type SaidBy } from '../../domain/people/said-by.js';

interface Surroundings {
  /** Why there is nothing to pause any more, if so. */
  noStepLeft(): string | undefined;
  /** The stage that soaks now, and whether it waits for an answer instead. */
  soaking(): { stage: string; asked: boolean } | undefined;
  hurry(): void;
  record(what: string): void;
  /** A message changes nothing, and why. */
  hasNoEffect(what: string): void;
  changed(): void;
}

/** What people do to a run besides aborting it: pause, resume, promote. A message that has no effect now is on record with why. */
export class Steering {
  paused: (SaidBy & { readonly at: string }) | undefined;
  /** Who wants the soak under way to end early, until it is decided. */
  promotion: (SaidBy & { readonly at: number }) | undefined;

  constructor(private readonly around: Surroundings) {}

  /** Stops the next step; never clocks, running commands or a rollback (design §4). */
  pause(payload: unknown): void {
    const said = readSaidBy(payload);
    const why =
      this.around.noStepLeft() ??
      (this.paused ? `it is paused since ${this.paused.at} by ${this.paused.by}` : undefined);
    if (why !== undefined) return this.#nothing('pause', said, why);
    this.paused = { ...said, at: new Date().toISOString() };
    this.around.record(
      `paused by ${said.by}: ${said.reason}. No further step begins; clocks, commands and triggers go on`,
    );
    this.around.changed();
  }

  resume(payload: unknown): void {
    const said = readSaidBy(payload);
    const why = this.around.noStepLeft() ?? (this.paused ? undefined : 'it is not paused');
    if (why !== undefined) return this.#nothing('resume', said, why);
    this.paused = undefined;
    this.around.record(`resumed by ${said.by}: ${said.reason}`);
    this.around.hurry();
    this.around.changed();
  }

  /** In milliseconds. */
  pausedFor(): number {
    return this.paused ? Date.now() - Date.parse(this.paused.at) : 0;
  }

  /** Ends the soak under way early; never over a running breach clock or a blind check: the next reports decide. */
  promote(payload: unknown): void {
    const said = readSaidBy(payload);
    const soaking = this.around.soaking();
    if (!soaking) return this.#nothing('promote', said, 'no soak is in progress');
    if (soaking.asked)
      return this.#nothing('promote', said, `the soak of ${soaking.stage} waits for an answer to its hold`);
    this.promotion = { ...said, at: Date.now() };
    this.around.record(`${said.by} wants ${soaking.stage} promoted: ${said.reason}`);
    this.around.hurry();
    this.around.changed();
  }

  /** What became of the wish. */
  promoted(against: readonly string[]): void {
    const { promotion } = this;
    if (promotion && against.length === 0) this.around.record(`promoted by ${promotion.by}: ${promotion.reason}`);
    else if (promotion) this.around.hasNoEffect(`promote by ${promotion.by} ignored: ${against.join('; ')}`);
    this.promotion = undefined;
  }

  #nothing(what: string, { by, reason }: SaidBy, why: string): void {
    this.around.hasNoEffect(`${what} by ${by} (${reason}) ignored: ${why}`);
  }
}

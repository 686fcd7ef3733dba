import { readSaidBy, type SaidBy } from '../../domain/people/said-by.js';
import { ignoredText, type SteeringSignal } from '../../domain/people/steering.js';
import { goesForward, phaseOf } from '../../domain/run/course.js';
import { shortIso } from '../../domain/time/iso.js';
import type { SteeringPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

/** What people do to a run besides aborting it: pause, resume, promote. A message that has no effect now is on record with why. */
export class Steering implements SteeringPort {
  constructor(private readonly run: Run) {}

  /** Stops the next step; never clocks, running commands or a rollback (design §4). */
  pause(payload: unknown): void {
    const said = readSaidBy(payload);
    const { paused } = this.run.state;
    const why =
      this.#noStepLeft() ?? (paused ? `it is paused since ${shortIso(paused.at)} by ${paused.by}` : undefined);
    if (why !== undefined) return this.#nothing('pause', said, why);
    this.run.state.paused = { ...said, at: new Date().toISOString() };
    this.run.record(
      `paused by ${said.by}: ${said.reason}. No further step begins; clocks, commands and triggers go on`,
    );
    this.run.show();
  }

  resume(payload: unknown): void {
    const said = readSaidBy(payload);
    const why = this.#noStepLeft() ?? (this.run.state.paused ? undefined : 'it is not paused');
    if (why !== undefined) return this.#nothing('resume', said, why);
    this.run.state.paused = undefined;
    this.run.record(`resumed by ${said.by}: ${said.reason}`);
    this.run.watches.hurry();
    this.run.show();
  }

  /** In milliseconds. */
  pausedFor(): number {
    const { paused } = this.run.state;
    return paused ? Date.now() - Date.parse(paused.at) : 0;
  }

  /** Ends the soak under way early; never over a running breach clock or a blind check: the next reports decide. */
  promote(payload: unknown): void {
    const said = readSaidBy(payload);
    const soaking = this.#soaking();
    if (!soaking) return this.#nothing('promote', said, 'no soak is in progress');
    if (soaking.asked)
      return this.#nothing('promote', said, `the soak of ${soaking.stage} waits for an answer to its hold`);
    this.run.state.promotion = { ...said, at: Date.now() };
    this.run.record(`${said.by} wants ${soaking.stage} promoted: ${said.reason}`);
    this.run.watches.hurry();
    this.run.show();
  }

  /** What became of the wish. */
  promoted(against: readonly string[]): void {
    const { state } = this.run;
    const { promotion } = state;
    if (promotion && against.length === 0) this.run.record(`promoted by ${promotion.by}: ${promotion.reason}`);
    else if (promotion) this.#nothing('promote', promotion, against.join('; '));
    state.promotion = undefined;
  }

  /** Why there is nothing to pause any more, if so. */
  #noStepLeft(): string | undefined {
    return goesForward(this.run.state.course) ? undefined : 'it is being stopped';
  }

  /** The stage that soaks now, and whether it waits for an answer instead. */
  #soaking(): { stage: string; asked: boolean } | undefined {
    const { state, holds } = this.run;
    const soaking = state.stages.find((stage) => stage.state === 'soaking')?.name;
    return soaking === undefined || phaseOf(state.course) !== 'soaking'
      ? undefined
      : { stage: soaking, asked: holds.open.some(({ id }) => id === `soak-${soaking}`) };
  }

  #nothing(signal: SteeringSignal, said: SaidBy, why: string): void {
    this.run.hasNoEffect(ignoredText(signal, said, why));
  }
}

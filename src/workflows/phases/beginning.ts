import { sleep, workflowInfo } from '@temporalio/workflow';
import { formatDuration } from '../../domain/time/duration.js';
import { ruleOnFreeze } from '../../domain/freeze/freeze-ruling.js';
import type { Freezing } from '../../domain/freeze/freeze-window.js';
import { opening } from '../activities.js';
import type { GoLive } from '../run/go-live.js';
import { Stopped } from '../run/stopped.js';

/** What is known of the beginning, to go on with in another run of the same go-live. Epoch milliseconds. */
export interface BeginningState {
  readonly at?: number;
  readonly freezeOverride?: string;
}

/** When a go-live begins: at once or at its time, and in no freeze window, unless a person has overridden it. */
export class Beginning {
  #state: BeginningState;

  constructor(
    private readonly goLive: GoLive,
    carried: BeginningState = {},
  ) {
    this.#state = carried;
  }

  get carried(): BeginningState {
    return this.#state;
  }

  /** When it begins or began, in epoch milliseconds. */
  get at(): number {
    return this.#state.at ?? this.#scheduled ?? workflowInfo().startTime.getTime();
  }

  get freezeOverride(): string | undefined {
    return this.#state.freezeOverride;
  }

  /** The moment that is to be judged when the plan is opened, in epoch milliseconds: a worker may be late. */
  get wanted(): number {
    return Math.max(this.#scheduled ?? 0, Date.now());
  }

  /** Waits for the time it was started for. `freezing`: what the freeze windows say of that moment. Throws when it must not begin. */
  async begin(freezing: Freezing): Promise<void> {
    const { goLive } = this;
    this.#judge(freezing, this.wanted);
    const scheduled = this.#scheduled;
    if (scheduled !== undefined) {
      goLive.enter(
        'scheduled',
        `begins at ${new Date(scheduled).toISOString()}; until then the environment is reserved`,
      );
      await sleep(Math.max(1, scheduled - Date.now()), { summary: 'until it begins' });
      await this.#unlessLate(Date.now() - scheduled);
      await goLive.mayGoOn();
      const now = Date.now();
      if (goLive.plan.freezes.length > 0)
        this.#judge(await opening.lookAtFreezes({ planHash: goLive.planHash, at: now }), now);
      this.#state = { ...this.#state, at: now };
      goLive.record('it begins');
    }
    if (this.freezeOverride !== undefined) goLive.record(`freeze windows: ${this.freezeOverride}`);
  }

  get #scheduled(): number | undefined {
    const { startAt } = this.goLive.input;
    return startAt === undefined ? undefined : Date.parse(startAt);
  }

  #judge(freezing: Freezing, at: number): void {
    const ruling = ruleOnFreeze(freezing, this.goLive.input, at);
    if (ruling.kind === 'frozen') throw new Stopped({ kind: 'failure', reason: ruling.why, by: 'freeze window' });
    this.#state = { ...this.#state, ...('text' in ruling ? { freezeOverride: ruling.text } : {}) };
  }

  /** Somebody has planned to be there at the time, not hours later: without a worker at that time it is a question, after the patience of a page. */
  async #unlessLate(lateMs: number): Promise<void> {
    const { goLive } = this;
    if (lateMs < goLive.plan.holds.pageAgain) return;
    const decision = await goLive.holds.ask({
      id: 'late-start',
      reason: `It should have begun ${formatDuration(lateMs)} ago, and no worker was there. Is it still wanted now?`,
      choices: ['begin', goLive.wayOut()],
    });
    if (decision.choice !== 'begin') goLive.leave(decision);
  }
}

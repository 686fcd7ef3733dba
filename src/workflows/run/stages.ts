import type { Plan } from '../../domain/plan/plan.js';
import type { StageStatus } from '../../domain/run/status.js';

/** How far each stage is. */
export class Stages {
  #all: readonly StageStatus[];

  constructor(plan: Plan, carried?: readonly StageStatus[]) {
    this.#all = carried ?? plan.stages.map(({ name }) => ({ name, state: 'pending' }));
  }

  get all(): readonly StageStatus[] {
    return this.#all;
  }

  /** The name of the one that soaks now. */
  get soaking(): string | undefined {
    return this.#all.find(({ state }) => state === 'soaking')?.name;
  }

  set(name: string, state: StageStatus['state'], detail?: string): void {
    this.#all = this.#all.map((stage) =>
      stage.name === name ? { name, state, ...(detail === undefined ? {} : { detail }) } : stage,
    );
  }

  /** What was under way is stopped; what was over or never begun stays as it was. */
  stop(): void {
    this.#all = this.#all.map((stage) =>
      ['pending', 'done', 'failed'].includes(stage.state) ? stage : { name: stage.name, state: 'stopped' },
    );
  }
}

import type { Freezing } from '../freeze/freeze-window.js';
import type { Plan } from '../plan/plan.js';

/** What a run is opened with: its frozen plan, and what the worker's host and server know that the plan doesn't say. */
export interface Opening {
  readonly planHash: string;
  readonly plan: Plan;
  /** Which of golive's search attributes this namespace has: an unregistered one would wedge the run (design §4). */
  readonly searchAttributes: readonly string[];
  /** What the freeze windows say of the moment it wants to begin. */
  readonly freezing: Freezing;
}

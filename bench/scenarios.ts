import type { Scenario } from './scenario.js';
import { abort } from './scenarios/abort.js';
import { busy } from './scenarios/busy.js';
import { cost } from './scenarios/cost.js';
import { events } from './scenarios/events.js';
import { hypercare } from './scenarios/hypercare.js';
import { many } from './scenarios/many.js';
import { third503 } from './scenarios/third-503.js';
import { wholeRun } from './scenarios/whole-run.js';
import { workerKilled } from './scenarios/worker-killed.js';

/** In the order in which they are measured: what an idle worker costs first, while it is new; the noisy ones last. */
export const SCENARIOS: readonly Scenario[] = [
  cost,
  abort,
  third503,
  wholeRun,
  workerKilled,
  busy,
  events,
  hypercare,
  many,
];

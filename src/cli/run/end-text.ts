import { oneLine } from '../terminal/terminal-text.js';
import type { RunView } from './run-view.js';

/** How a run has ended: `rolled-back: the canary's error rate was above 5 %`, or why it left no result. */
export const endText = ({ result, failure }: Pick<RunView, 'result' | 'failure'>): string =>
  result ? `${result.outcome}: ${oneLine(result.summary)}` : oneLine(failure ?? 'without an outcome');

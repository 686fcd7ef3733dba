import type { PlanChange } from '../../../domain/plan/plan-changes.js';
import { cellsOf } from '../../terminal/cells.js';
import type { Paint } from '../../terminal/paint.js';
import { oneLine } from '../../terminal/terminal-text.js';

/** What differs, one line each: `triggers.latency.for: 15m → 10m`; where that is longer than `columns` cells, old and new on lines of their own. */
export const planChangeLines = (changes: readonly PlanChange[], paint: Paint, columns = 120): string[] =>
  changes.flatMap((change) => {
    const path = oneLine(change.path);
    if (change.secret) return [`  ${path}: ${paint('yellow', 'differs')}, and is a secret that is not shown`];
    const [old, now] = [change.old, change.new].map((text) => (text === undefined ? 'not there' : oneLine(text)));
    if (cellsOf(`  ${path}: ${old} → ${now}`) <= columns)
      return [`  ${path}: ${paint('red', old ?? '')} → ${paint('green', now ?? '')}`];
    return [`  ${path}:`, `    ${paint('red', `- ${old}`)}`, `    ${paint('green', `+ ${now}`)}`];
  });

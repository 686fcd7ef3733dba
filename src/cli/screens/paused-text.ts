import { nextStep } from '../../domain/run/next-step.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { oneLine } from '../terminal/terminal-text.js';

/** Why it is paused, and which step waits for that: `lunch; the deploy of rolling-25 waits`. */
export function pausedText(status: Pick<GoLiveStatus, 'phase' | 'stages' | 'outcome' | 'stop' | 'paused'>): string {
  const next = nextStep(status);
  return `${oneLine(status.paused?.reason ?? '')}${next === undefined ? '' : `; ${oneLine(next)} waits`}`;
}

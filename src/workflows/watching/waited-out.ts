import { sleep } from '@temporalio/workflow';
import type { Segment } from '../../domain/watching/segment.js';

/** A segment that is shorter than it says it looked is waited out; less than this is only the difference of two clocks. */
const TOLERANCE_MS = 50;
/** How long a segment that came back early without a look takes at least. */
export const PAUSE_MS = 5_000;

/**
 * Never a hot loop: time a segment says it has looked has to have passed since `from`, and one that comes back early without a look is followed by a pause,
 * unless its report was `wanted`. Milliseconds; the cancelled scope around it ends it.
 */
export async function waitedOut(
  watch: string,
  { lengthMs, looks }: Segment,
  { from, segmentMs, wanted }: { from: number; segmentMs: number; wanted: boolean },
): Promise<void> {
  const passed = Date.now() - from;
  // A timer may be a hair too quick.
  const early = looks === 0 && lengthMs < segmentMs - TOLERANCE_MS && !wanted;
  const short = Math.max(early ? PAUSE_MS : 0, lengthMs) - passed;
  if (short >= TOLERANCE_MS) await sleep(short, { summary: `${watch}: until the segment is over` });
}

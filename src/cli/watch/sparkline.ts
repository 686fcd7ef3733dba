import { HISTORY_MS, type Sample } from './value-history.js';

const BARS = '▁▂▃▄▅▆▇█';

/** The last minutes as bars, the newest to the right: the highest value of each stretch, between the lowest and the highest of all. A stretch without one is a space. */
export function sparkline(samples: readonly Sample[], now: number, cells: number): string {
  const stretch = HISTORY_MS / cells;
  const highest = Array<number | undefined>(cells).fill(undefined);
  for (const { at, value } of samples) {
    const index = cells - 1 - Math.floor((now - at) / stretch);
    if (index < 0 || index >= cells) continue;
    highest[index] = Math.max(value, highest[index] ?? -Infinity);
  }
  const values = highest.filter((value) => value !== undefined);
  const least = Math.min(...values);
  const most = Math.max(...values);
  return highest
    .map((value) => (value === undefined ? ' ' : bar(most === least ? 0 : (value - least) / (most - least))))
    .join('');
}

/** @param share of the height, from 0 to 1 */
const bar = (share: number): string => BARS[Math.round(share * (BARS.length - 1))] ?? '';

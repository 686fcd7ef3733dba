import { shortened } from '../text/cut-text.js';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;
/** More is no duration. */
const LONGEST = 80;

/** Parses a duration such as `10m`, `1h30m` or `250ms` into milliseconds. Throws a sentence that shows what was given. */
export function parseDuration(text: string): number {
  // In digits without a unit the pattern would look for one from each digit on.
  const parts = text.length > LONGEST ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new Error(
      `"${shortened(text, LONGEST)}" is not a duration. Write a number and a unit, such as 30s, 10m, 72h or 1h30m.`,
    );
  }
  return parts.reduce((total, part) => total + Number(part[1]) * UNITS[part[2] as Unit], 0);
}

/** Writes a duration the way a playbook file does, exactly: `11m 20s`, `72h`, `250ms`, `1s 500ms`. Parts that are zero are left out. What was measured is told by `lasted`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  // A file may say 0.1ms.
  const rest = Number((milliseconds - seconds * 1_000).toFixed(3));
  const parts = [
    hours && `${hours}h`,
    minutes && `${minutes}m`,
    seconds % 60 && `${seconds % 60}s`,
    rest && `${rest}ms`,
  ];
  return parts.filter(Boolean).join(' ') || '0s';
}

import { whatFailed } from '../../domain/run/findings.js';
import type { Finding } from '../../domain/run/status.js';
import type { Line } from '../terminal/line.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Section } from './layout.js';
import { counted } from './stage-lines.js';

const ORDER: readonly Finding['state'][] = ['fail', 'unknown', 'attested', 'pass'];
const COLOUR = { fail: 'red', unknown: 'yellow', attested: 'yellow', pass: 'green' } as const;

/** What was found, what isn't a pass first. Shown while it is being found, or when something of it failed. */
export function findingSection(label: string, findings: readonly Finding[], now: boolean): Section {
  const wanted = now || whatFailed(findings) !== undefined ? findings : [];
  const sorted = [...wanted].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  const lines = sorted.map(({ state, name, detail }): Line => [
    [state === 'fail' ? 'FAIL' : state, COLOUR[state]],
    ` ${oneLine(name)}: ${oneLine(detail)}`,
  ]);
  const rest = (shown: number) => `${shown === 0 ? '' : 'more: '}${counted(sorted.slice(shown))}`;
  return { label, lines, rest, least: 2, good: 5 };
}

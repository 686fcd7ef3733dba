import type { Diagnosis } from '../doctor/diagnosis.js';
import type { Paint } from '../terminal/paint.js';
import { escaped, oneLine } from '../terminal/terminal-text.js';

const COLOUR = { ok: 'green', warn: 'yellow', bad: 'red' } as const;

/** What was found, one line each, with its cure below; then how much of it is to be mended. */
export function doctorScreen(all: readonly Diagnosis[], paint: Paint): string {
  const lines = all.flatMap(({ about, what, state, detail, cure, command }, index) => [
    ...(all[index - 1]?.about === about ? [] : [paint('bold', about)]),
    `  ${paint(COLOUR[state], (state === 'ok' ? state : state.toUpperCase()).padEnd(4))}  ${oneLine(what)}: ${oneLine(detail)}`,
    ...(cure === undefined ? [] : [`        ${oneLine(cure)}`]),
    ...(command === undefined ? [] : [`        ${paint('bold', escaped(command))}`]),
  ]);
  return [...lines, '', summary(all)].join('\n');
}

function summary(all: readonly Diagnosis[]): string {
  const count = (state: Diagnosis['state']) => all.filter((each) => each.state === state).length;
  const [bad, warn] = [count('bad'), count('warn')];
  if (bad > 0) return `${bad} bad, ${warn} to look at, ${count('ok')} ok. Mend what is bad before a go-live.`;
  return warn > 0 ? `Nothing bad; ${warn} to look at, ${count('ok')} ok.` : `All ${count('ok')} ok.`;
}

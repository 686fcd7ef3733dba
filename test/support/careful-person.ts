import type { Check, CheckTrigger } from '../../src/domain/plan/playbook.js';
import type { Reading } from '../../src/domain/watching/reading.js';

/**
 * What a careful person with a stopwatch would decide who has written down every look at one check: the words of the design (§5, Triggers and Blind),
 * over a plain list, with nothing in common with the code that decides.
 */

export interface Noted {
  readonly at: number;
  readonly reading: Reading;
}

type Says = 'breach' | 'clean' | 'nothing';

/** What a look says of a trigger's condition. */
export function says({ breach }: Pick<CheckTrigger, 'breach'>, reading: Reading): Says {
  if (reading.kind === 'good') return 'clean';
  if (reading.kind === 'bad') return 'breach';
  if (reading.kind !== 'value') return 'nothing';
  const { value } = reading;
  if (breach?.is === 'above' && value > breach.value) return 'breach';
  if (breach?.is === 'atLeast' && value >= breach.value) return 'breach';
  if (breach?.is === 'below' && value < breach.value) return 'breach';
  if (breach?.is === 'atMost' && value <= breach.value) return 'breach';
  return reading.inPart ? 'nothing' : 'clean';
}

/** When a trigger fires. `decidesAt`: when somebody is there to decide what is due at a moment. */
export function firesAt(
  trigger: CheckTrigger,
  { every }: Check,
  looks: readonly Noted[],
  until: number,
  decidesAt: (moment: number) => number = (moment) => moment,
): number[] {
  // The breaching looks in a row, each row with the clean look that ended it.
  const rows: { breaching: number[]; endedBy: number }[] = [];
  let row: (typeof rows)[number] | undefined;
  for (const { at, reading } of looks) {
    const said = says(trigger, reading);
    if (said === 'clean') {
      if (row) row.endedBy = at;
      row = undefined;
    }
    if (said === 'breach') {
      if (!row) rows.push((row = { breaching: [], endedBy: Infinity }));
      row.breaching.push(at);
    }
  }
  return rows.flatMap(({ breaching, endedBy }) => {
    if (trigger.for === 0) return breaching.slice(trigger.consecutive - 1, trigger.consecutive);
    const due = decidesAt((breaching[0] ?? 0) + trigger.for);
    const last = breaching.filter((at) => at <= due).at(-1) ?? -Infinity;
    if (due < endedBy && due <= until && due - last <= 2 * every) return [due];
    // Over without a fresh reading: the next one fires or clears.
    return breaching.filter((at) => at > due).slice(0, 1);
  });
}

/** Whether a look told something of the check: silence doesn't, unless nothing to do is something it may have. */
export const tells = (check: Check, { kind }: Reading): boolean =>
  kind !== 'none' && (kind !== 'idle' || (check.kind === 'metric' && check.mayBeIdle));

/** How long a check may be silent before it is blind: two intervals, and the time a look may take. */
export const mayBeSilent = ({ every, timeout }: Check): number => every + every + timeout;

/** When a trigger fires for somebody who is only told now and then: what is known by each report, weighed when it is read. */
export function firesWhenRead(
  trigger: CheckTrigger,
  { every }: Check,
  looks: readonly Noted[],
  reports: readonly { readonly to: number; readonly readAt: number }[],
): number[] {
  const fires: number[] = [];
  let row: number[] = [];
  let fired = false;
  let next = 0;
  for (const { to, readAt } of reports) {
    let counted = false;
    for (let look = looks[next]; look !== undefined && look.at <= to; look = looks[(next += 1)]) {
      const said = says(trigger, look.reading);
      if (said === 'clean') {
        row = [];
        fired = false;
      }
      if (said === 'breach') row.push(look.at);
      if (trigger.for === 0 && row.length >= trigger.consecutive && !fired) counted = fired = true;
    }
    const held = row[0] !== undefined && readAt - row[0] >= trigger.for && readAt - (row.at(-1) ?? 0) <= 2 * every;
    if (counted || (trigger.for > 0 && held && !fired)) fires.push(readAt);
    if (trigger.for > 0 && held) fired = true;
  }
  return fires;
}

/** From when to when a check that has told something again was blind. */
export function blindTimes(check: Check, startedAt: number, looks: readonly Noted[]): { from: number; to: number }[] {
  const told = [startedAt, ...looks.filter(({ reading }) => tells(check, reading)).map(({ at }) => at)];
  return told
    .slice(1)
    .flatMap((to, index) => (to - (told[index] ?? to) > mayBeSilent(check) ? [{ from: told[index] ?? to, to }] : []));
}

/** Since when, without a break up to a moment, a check has told something on time; nothing when it doesn't now. */
export function seenSince(check: Check, looks: readonly Noted[], until: number): number | undefined {
  let since: number | undefined;
  for (let index = looks.length - 1; index >= 0; index -= 1) {
    const { at, reading } = looks[index]!;
    if (at > until || !tells(check, reading)) continue;
    if ((since ?? until) - at > mayBeSilent(check)) return since;
    since = at;
  }
  return since;
}

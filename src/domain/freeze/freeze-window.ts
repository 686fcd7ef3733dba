import type { Freeze } from '../plan/playbook.js';
import { WallClock } from '../time/wall-clock.js';

/** A freeze window that is in force. */
export interface Frozen {
  readonly name: string;
  /** When it ends, in epoch milliseconds. */
  readonly until: number;
}

/** What the freeze windows say of a moment. */
export interface Freezing {
  /** The windows in force; none when a go-live may start. */
  readonly windows: readonly Frozen[];
  /** The first moment in which none is, in epoch milliseconds; absent when they never let go. */
  readonly thaws?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** A Monday at midnight, UTC. */
const MONDAY = Date.UTC(2024, 0, 1);
/** So many windows one after the other without a gap are as good as no end. */
const MOST_IN_A_ROW = 100;

/** The window in force at a moment in epoch milliseconds, the one that lasts longest if there are several; undefined when nothing is frozen. */
export function frozenBy(freezes: readonly Freeze[], moment: number): Frozen | undefined {
  return freezesAt(freezes, moment).reduce<Frozen | undefined>(
    (longest, each) => (longest && longest.until >= each.until ? longest : each),
    undefined,
  );
}

/** Everything there is to say of a moment, in epoch milliseconds. */
export function freezing(freezes: readonly Freeze[], moment: number): Freezing {
  let thaws = moment;
  for (let row = 0; row < MOST_IN_A_ROW; row += 1) {
    const frozen = frozenBy(freezes, thaws);
    if (!frozen) return { windows: freezesAt(freezes, moment), thaws };
    thaws = frozen.until;
  }
  return { windows: freezesAt(freezes, moment) };
}

/** When a window is, in the words of the playbook file. */
export function freezeText(freeze: Freeze): string {
  return 'weekly' in freeze
    ? `each week from ${freeze.weekly.from} to ${freeze.weekly.to}, ${freeze.timeZone}`
    : `from ${freeze.from} to ${freeze.to}`;
}

function freezesAt(freezes: readonly Freeze[], moment: number): Frozen[] {
  return freezes.flatMap((freeze) => {
    const until = 'weekly' in freeze ? weeklyUntil(freeze, moment) : onceUntil(freeze, moment);
    return until === undefined ? [] : [{ name: freeze.name, until }];
  });
}

function onceUntil({ from, to }: Extract<Freeze, { from: string }>, moment: number): number | undefined {
  return Date.parse(from) <= moment && moment < Date.parse(to) ? Date.parse(to) : undefined;
}

/** The window is as long as the clocks on the wall say; where a clock change repeats one of its ends or leaves it out, the longer reading counts. */
function weeklyUntil({ weekly, timeZone }: Extract<Freeze, { weekly: object }>, moment: number): number | undefined {
  const clock = new WallClock(timeZone);
  const from = inWeek(weekly.from);
  const lasts = (inWeek(weekly.to) - from + WEEK) % WEEK;
  const shown = clock.at(moment);
  const begins = shown - ((((shown - MONDAY - from) % WEEK) + WEEK) % WEEK);
  // Around a clock change the one before or after may be meant.
  for (const start of [begins - WEEK, begins, begins + WEEK]) {
    const until = clock.moments(start + lasts).last;
    if (clock.moments(start).first <= moment && moment < until) return until;
  }
  return undefined;
}

/** `fri 16:00` in milliseconds since Monday. */
function inWeek(written: string): number {
  const [day = '', time = ''] = written.split(' ');
  const [hours, minutes] = time.split(':').map(Number);
  return DAYS.indexOf(day) * DAY + ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE;
}

/** What clocks and calendar show at a moment, in epoch milliseconds, in a time zone (of this host, if none is given): `2026-11-27`, `12:18:44`. */
export function wallText(at: number, timeZone?: string): { day: string; time: string } {
  // Sweden writes dates and times as ISO does.
  const [day = '', time = ''] = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(at)
    .split(' ');
  return { day, time };
}

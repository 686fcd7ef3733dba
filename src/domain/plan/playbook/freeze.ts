import { z } from 'zod';
import { text } from './scalars.js';

const DAY = '(mon|tue|wed|thu|fri|sat|sun)';
const weekly = z
  .string()
  .regex(new RegExp(`^${DAY} ([01]\\d|2[0-3]):[0-5]\\d$`), 'must be a day and a time, such as fri 16:00');
const moment = z.iso.datetime({
  offset: true,
  error: 'must be a date-time with a UTC offset, such as 2026-12-20T00:00:00+01:00',
});

const isZone = (zone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** A time in which no go-live starts: once, or each week. */
export const freeze = z
  .union(
    [
      z.strictObject({ name: text, from: moment, to: moment }),
      z.strictObject({
        name: text,
        weekly: z.strictObject({ from: weekly, to: weekly }),
        timeZone: z.string().refine(isZone, 'must be a time zone such as Europe/Madrid').default('UTC'),
      }),
    ],
    { error: 'must be { name, from, to } or { name, weekly: { from, to }, timeZone }' },
  )
  .refine((each) => 'weekly' in each || Date.parse(each.from) < Date.parse(each.to), {
    path: ['to'],
    message: 'must be later than from',
  })
  .refine((each) => !('weekly' in each) || each.weekly.from !== each.weekly.to, {
    path: ['weekly', 'to'],
    message: 'must be another time than from',
  });

export type Freeze = z.output<typeof freeze>;

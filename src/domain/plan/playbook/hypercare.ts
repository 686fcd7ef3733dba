import { z } from 'zod';
import { positive, text } from './scalars.js';

/** More would fill a run's history (promise 7). */
const MOST_REVIEWS = 100;

/** A part of hypercare with a cadence of its own: a check that is clean is looked at no oftener than `every`. */
const window = z.strictObject({ until: positive, every: positive });

/** The hours after a go-live (playbook §6 C, and the hypercare runbook). */
export const hypercare = z
  .strictObject({
    for: positive,
    windows: z.array(window).default([]),
    /** A health review each `every`, from this long after hypercare began. */
    reviews: z.strictObject({ from: positive.optional(), every: positive }).optional(),
    /** What has to be so before hypercare ends by itself, besides a clean look at everything. */
    exit: z
      .strictObject({
        /** Everything has been seen inside its guardrails for so long, without a break, and no trigger has fired. */
        clean: positive.optional(),
        /** A person has to acknowledge this at the end. */
        closingNote: text.optional(),
      })
      .default({}),
  })
  .superRefine(({ for: length, windows, exit, reviews }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [index, { until }] of windows.entries()) {
      if (until <= (windows[index - 1]?.until ?? 0))
        fault(['windows', index, 'until'], 'must be later than the window before it');
      if (until > length) fault(['windows', index, 'until'], 'must not be later than the end of hypercare');
    }
    if (exit.clean !== undefined && exit.clean > length) fault(['exit', 'clean'], 'must not be longer than hypercare');
    if (reviews && length / reviews.every > MOST_REVIEWS)
      fault(['reviews', 'every'], `would be more than ${MOST_REVIEWS} reviews: nobody reads them`);
    if (reviews?.from !== undefined && reviews.from > length)
      fault(['reviews', 'from'], 'must not be later than the end of hypercare');
  });

export type Hypercare = z.output<typeof hypercare>;

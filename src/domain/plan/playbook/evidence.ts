import { z } from 'zod';
import { argvWith, command } from './command.js';
import { positive } from './scalars.js';

/** What becomes of a run's evidence besides lying where it was written. */
export const evidence = z.strictObject({
  /** Takes the folder {evidence} elsewhere, each hour while something new is in it and at the end until it exits 0. It runs again and again. */
  copy: command.extend({ run: argvWith('evidence'), deadline: positive.default(10 * 60_000) }),
});

export type Copy = z.output<typeof evidence>['copy'];

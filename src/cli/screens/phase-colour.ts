import type { Colour } from '../terminal/paint.js';

/** The colour of a phase or an outcome; of any other it is cyan. */
export const PHASE_COLOUR: Readonly<Record<string, Colour>> = {
  completed: 'green',
  rehearsed: 'green',
  'rolling-back': 'red',
  'rollback-failed': 'red',
  rejected: 'red',
  aborted: 'yellow',
  'rolled-back': 'yellow',
};

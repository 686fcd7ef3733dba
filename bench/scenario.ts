import type { Ending } from './ending.js';
import type { Of } from './side.js';
import type { Stand } from './stand.js';

export type Unit = 'ms' | 's' | '%' | 'MiB' | 'KiB' | '';

/** How much is measured: under two minutes, some thirty-five, or everything. */
export type Size = 'quick' | 'usual' | 'full';

/** For how many seconds a process is looked at. */
export const secondsOf = (size: Size): number => (size === 'quick' ? 5 : 20);

/** What a scenario works with. */
export interface Bench {
  readonly size: Size;
  /** How many times something is done. */
  runs(of: { readonly quick: number; readonly usual: number }): number;
  /** The stand that scenarios share, with one worker of each side. */
  stand(): Promise<Stand>;
  /** With which everything ends that a scenario starts for itself. */
  readonly ending: Ending;
  /** One value of a measure. */
  take(measure: string, of: Of, unit: Unit, value: number): void;
}

/** One thing that is measured. */
export interface Scenario {
  readonly name: string;
  /** Its headline in the docs. */
  readonly title: string;
  /** What is measured, and what the twin does, in a sentence or two for the docs. */
  readonly says: string;
  /** Little of it tells nothing: the short form leaves it out. */
  readonly takesLong?: true;
  measure(bench: Bench): Promise<void>;
}

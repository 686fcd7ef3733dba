import type { SteeringSignal } from '../../domain/people/steering.js';

/** What somebody at a screen can do to a run. */
export type Act =
  | { readonly kind: 'abort' }
  | { readonly kind: SteeringSignal }
  | { readonly kind: 'decide'; readonly hold: string; readonly choice: string };

import type { Stop } from '../../domain/run/status.js';

/** Why the way forward ended. Thrown by the steps themselves; aborts and triggers cancel the way forward instead. */
export class Stopped extends Error {
  constructor(readonly stop: Omit<Stop, 'at'>) {
    super(stop.reason);
    this.name = 'Stopped';
  }
}

import type { CheckStatus } from './check-status.js';

/** The last reading and the triggers that are on their way: `612 ms; p95-slow: p95 612 ms > 500 ms for 11m 20s of 15m`. */
export function checkStatusText({ last, triggers }: Pick<CheckStatus, 'last' | 'triggers'>): string {
  return [
    last ?? 'not looked at yet',
    ...triggers.flatMap(({ name, running }) => (running === undefined ? [] : [`${name}: ${running}`])),
  ].join('; ');
}

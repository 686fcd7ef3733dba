import type { Plan } from '../../src/domain/plan/plan.js';

/** A hypercare of so many milliseconds, without windows, reviews or exit criteria. */
export const hypercareFor = (milliseconds: number): Plan['hypercare'] => ({ for: milliseconds, windows: [], exit: {} });

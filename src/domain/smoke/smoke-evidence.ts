/** What a JUnit report says, short enough for the workflow's history. */
export interface SmokeSummary {
  readonly passed: number;
  readonly skipped: number;
  /** Tests that were switched off, if there are any. */
  readonly notRun?: number;
  /** The tests that failed, with the critical areas they are of; the first twenty. */
  readonly failing: readonly { readonly test: string; readonly areas: readonly string[]; readonly said?: string }[];
  readonly failed: number;
  /** What the runner could not load, the first of it. */
  readonly notCollected?: string;
  /** Critical areas without a test that passed. */
  readonly uncovered: readonly string[];
}

export type SmokeEvidence = SmokeSummary | { readonly unreadable: string };

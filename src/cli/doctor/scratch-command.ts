import type { CommandKey } from '../../ledger/ledger.js';

/** The one command in the scratch ledger of `golive doctor`. */
export const SCRATCH_COMMAND: CommandKey = {
  workflowId: 'doctor',
  firstExecutionRunId: 'doctor',
  step: 'survive',
  generation: 1,
};

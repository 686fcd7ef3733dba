import { Context } from '@temporalio/activity';
import type { Seen } from '../domain/evidence/record.js';
import type { SeenEvidence } from '../journals/evidence.js';
import type { Reader } from './watching/readings.js';

/** Where an activity leaves what it sees and does, and by which name: its ID and its attempt. */
export function seenBy(evidence: SeenEvidence | undefined): { see: (record: Seen) => void; of: string } {
  const { activityId, attempt, workflowExecution } = Context.current().info;
  return {
    see: (record) => workflowExecution && evidence?.see(workflowExecution, record),
    of: `${activityId}/${attempt}`,
  };
}

/** A reader whose looks are on record. */
export function onRecord(read: Reader, evidence: SeenEvidence | undefined): Reader {
  return async (look) => {
    const { see, of } = seenBy(evidence);
    const reading = await read(look);
    see({ kind: 'look', of, ms: performance.now(), check: look.check.name, target: look.target, reading });
    return reading;
  };
}

import type { Check } from '../../src/domain/plan/playbook.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import type { Reading } from '../../src/domain/watching/reading.js';
import { goodReading } from './simulated-watch.js';
import type { Room, WorkflowLab } from './workflow-lab.js';

/** From the first look at this check at the service after the deploy of everything: what comes so many milliseconds later; nothing is as it should be. */
export type Story = (sinceFirst: number) => Reading | undefined;

/**
 * A go-live in whose hypercare one check has a story. Hypercare's segments are ten minutes: whatever is told exactly here, is told by the rules and not
 * by reports that happen to come often.
 */
export async function hypercareWith(
  lab: WorkflowLab,
  check: string,
  story: Story,
  change: (plan: Plan) => Plan = (plan) => plan,
): Promise<{ room: Room; began: () => number }> {
  const room = await lab.room(change);
  let verified = false;
  let began: number | undefined;
  room.world.during = (name) => (verified ||= name === 'smoke.1');
  room.world.readings = (each: Check, target, now) => {
    if (!verified || each.name !== check || target !== 'service') return goodReading(each);
    began ??= now;
    return story(now - began) ?? goodReading(each);
  };
  return { room, began: () => began ?? NaN };
}

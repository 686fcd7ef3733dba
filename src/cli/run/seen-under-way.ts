import type { WorkflowExecutionDescription } from '@temporalio/client';
import { z } from 'zod';
import type { SeenSince } from '../../domain/watching/seen-since.js';

const progress = z.object({
  seen: z.object({
    states: z.array(
      z.object({
        check: z.string(),
        target: z.string(),
        standing: z.enum(['not looked at', 'clean', 'failing', 'blind', 'idle']),
        failures: z.number(),
        last: z.string().optional(),
        value: z.number().optional(),
      }),
    ),
  }),
});

/** What the segments of watching that are under way have seen so far: the server has it from their last heartbeats, some seconds old, and no history grows by it. */
export function seenUnderWay({
  pendingActivities,
}: Pick<WorkflowExecutionDescription['raw'], 'pendingActivities'>): SeenSince[] {
  return (pendingActivities ?? []).flatMap(({ activityType, heartbeatDetails }) => {
    const data = heartbeatDetails?.payloads?.[0]?.data;
    return activityType?.name === 'observe' && data ? statesIn(data) : [];
  });
}

function statesIn(data: Uint8Array): SeenSince[] {
  try {
    const { data: read } = progress.safeParse(JSON.parse(Buffer.from(data).toString('utf8')));
    return read?.seen.states ?? [];
  } catch {
    return []; // no JSON
  }
}

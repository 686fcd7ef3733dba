import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ObserveInput, Progress } from '../../../src/activities/watching/observe.js';
import { planFor } from '../../../src/domain/plan/plan.js';
import { SHORT_SEGMENT_MS } from '../../../src/domain/watching/segment-bounds.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';
import { eventsOfRealRun } from '../../support/events-of-a-real-run.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { hypercareWith } from '../../support/hypercare-story.js';
import { thorough } from '../../support/thorough.js';
import { eventsOfRuns, WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const HOUR = 3_600_000;
const slow = { kind: 'value', value: 400 } as const;
const tooSlow = { kind: 'value', value: 612 } as const;

// Each stands for as long as nobody could call it a blip, or flips with every look.
thorough.each([
  ['its guardrail with every look', (since: number) => (Math.round(since / 15_000) % 2 ? slow : undefined)],
  [
    'the threshold of a trigger with every look',
    (since: number) => (Math.round(since / 15_000) % 2 ? tooSlow : undefined),
  ],
  ['its guardrail every quarter of an hour', (since: number) => (Math.floor(since / 900_000) % 2 ? slow : undefined)],
])('72 hours in which latency flaps around %s are fewer than 5,000 events', async (_, story) => {
  const { hypercare } = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
  const { room } = await hypercareWith(lab, 'p95', story, (plan) => ({ ...plan, hypercare }));
  const handle = await room.start({ until: '72h30m' });
  const real = (await eventsOfRuns(handle, lab.client)).flatMap(eventsOfRealRun);
  console.info(`events of a flapping go-live: ${real.length}`);
  expect(real.length).toBeLessThan(5_000);
});

// From then on each would get an hour, and more when it is quiet.
test.each([
  ['the service', 'p95', 25 * HOUR],
  ['contracts and integrity', 'contracts', 2 * HOUR],
])(
  'a worker that dies in a long segment of %s: what it had told counts, and the next segment is short at once',
  async (_, check, after) => {
    const room = await lab.room((plan) => ({ ...plan, hypercare: hypercareFor(32 * HOUR) }));
    const next: ObserveInput[] = [];
    let began: number | undefined;
    let died: (() => void) | undefined;
    room.world.watch = (input, seen) => {
      if (!input.states.some((state) => state.check === check)) return seen;
      if (died) next.push(input);
      const { scheduledTimestampMs: now } = Context.current().info;
      if (died || input.segmentMs <= SHORT_SEGMENT_MS || now - (began ??= now) < after) return seen;
      const states = seen.states.map((state) => ({ ...state, last: 'told before it died' }));
      Context.current().heartbeat({
        seen: { ...seen, states, lengthMs: 1 },
        at: Date.now(),
        endsAt: Infinity,
      } satisfies Progress);
      return new Promise((resolve) => (died = () => resolve(seen)));
    };
    const result = await (await room.start()).result();
    died?.();
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(next[0]?.states.map(({ last }) => last)).toEqual(next[0]?.states.map(() => 'told before it died'));
    expect(next[0]?.segmentMs).toBe(SHORT_SEGMENT_MS);
    expect(next[0]?.coalesce ?? false).toBe(false);
    expect(next[1]?.segmentMs).toBeGreaterThan(HOUR);
  },
);

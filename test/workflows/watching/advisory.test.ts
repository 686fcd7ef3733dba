import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { goodReading } from '../../support/simulated-watch.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { statusWhen, whatHappened, WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
/** Three more rules that a team doesn't trust yet: each would have rolled back. */
const advisory = (plan: Plan): Plan => ({
  ...plan,
  triggers: [
    ...plan.triggers.filter(({ name }) => name !== 'p1-alert'),
    {
      name: 'p95-high',
      check: 'p95',
      consecutive: 1,
      for: MINUTE,
      breach: { is: 'above', value: 190 },
      action: 'note',
    },
    {
      name: 'p95-long',
      check: 'p95',
      consecutive: 1,
      for: 99 * 60 * MINUTE,
      breach: { is: 'above', value: 190 },
      action: 'note',
    },
    { name: 'p1-alert', external: true, for: 0, action: 'note' },
  ],
});

test('advisory triggers record what they would have done, hold nothing up, and are no P1', async () => {
  const room = await lab.room(advisory);
  // Inside its guardrail of 350 ms, from the deploy on.
  let deployed = false;
  room.world.during = (name) => void (deployed ||= name === 'deploy-canary.1');
  room.world.readings = (check, target) =>
    deployed && check.name === 'p95' && target === 'service' ? { kind: 'value', value: 200 } : goodReading(check);
  const handle = await room.start({ until: '2m' });
  await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'a', value: '5xx 7.2 %' });
  const { alerts } = await statusWhen(handle, ({ advised }) => (advised ?? []).length > 0);
  expect(alerts).toMatchObject([{ trigger: 'p1-alert', advisory: true }]);
  expect(alerts[0]?.running).toMatch(/^advisory, would have fired, fires for .*, 5xx 7\.2 % \(a\)$/);
  expect(alerts[0]).not.toHaveProperty('clock');
  await fastForwardTo(lab.client, handle.workflowId, '4m');
  const { watching, holds } = await statusWhen(handle, ({ advised }) => (advised ?? []).length === 2);
  const triggers = watching.flatMap((each) => (each.target === 'service' ? each.triggers : []));
  expect(triggers.find(({ name }) => name === 'p95-high')).toMatchObject({ running: 'advisory, would have fired' });
  expect(triggers.find(({ name }) => name === 'p95-long')).not.toHaveProperty('clock');
  expect(holds).toEqual([]);
  // The alert fires and the long clock runs to the very end.
  await enableTimeSkipping(lab.client, handle.workflowId);
  const result = await handle.result();
  expect(result).toMatchObject({
    outcome: 'completed',
    advised: [
      { trigger: 'p1-alert', times: 1 },
      { trigger: 'p95-high', times: 1, what: 'p95 at service: 200 ms > 190 ms for 1m' },
    ],
    hypercare: { triggers: [] },
  });
  expect(result.summary).toContain('hypercare ended without a trigger');
  expect(result.hypercare?.criteria.find(({ name }) => name === 'no open P1')).toMatchObject({ met: true });
  expect(whatHappened(result)).toContain(
    'advisory trigger p95-high would have fired: p95 at service: 200 ms > 190 ms for 1m',
  );
  expect(room.world.messages.at(-1)).toContain('would have fired since the start: p1-alert 1×, p95-high 1×');
  expect(
    lab.workshop.decided(handle.workflowId).filter((each) => each.kind === 'verdict' && each.rule === 'trigger'),
  ).toMatchObject([{ outcome: 'note' }, { outcome: 'note' }]);
});

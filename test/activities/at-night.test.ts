import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { observeActivities } from '../../src/activities/observe.js';
import { unseen, type Segment } from '../../src/domain/watching.js';
import { ActivityLab } from '../support/activity-lab.js';
import { aris3Plan } from '../support/scripted-world.js';
import { SmallService } from '../support/small-service.js';

let service: SmallService;
let lab: ActivityLab;
beforeEach(async () => {
  service = await SmallService.open();
  lab = await ActivityLab.open(await aris3Plan(), { ARIS3_URL: service.url, ARIS3_CANARY_URL: service.url });
});
afterEach(async () => {
  await lab.close();
  await service.close();
});

test('a segment whose worker died comes to its end when it was due: a breach clock waits for it', async () => {
  const states = unseen([{ name: 'health' }], ['service']);
  const now = Date.now();
  // Ten seconds to look, for a clock is due then; nine and a half are over when another worker takes it.
  const environment = lab.environment({ attempt: 2, scheduledTimestampMs: now - 9_500, heartbeatDetails: { states, at: now - 500 } });
  const segment: Segment = await environment.run(observeActivities(lab.contacts, lab.read).observe, { planHash: lab.planHash, values: {}, states, segmentMs: 10_000, decides: true, coalesce: false });
  expect(segment.lengthMs).toBeLessThan(5_000);
});

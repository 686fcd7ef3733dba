import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowLab, type GoLiveHandle, type Room } from '../../support/workflow-lab.js';

// What Temporal's own UI shows of a go-live (docs/temporal-ui.md): the summaries of its timeline, and the columns of its list.
let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const decoder = new TextDecoder();

/** The summaries of its activities and timers, in order, and the search attributes it has set last. */
async function shown(handle: GoLiveHandle) {
  const { events } = await handle.fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) => {
    const data = userMetadata?.summary?.data;
    return data ? [JSON.parse(decoder.decode(data)) as string] : [];
  });
  const { searchAttributes } = await handle.describe();
  return { summaries, searchAttributes };
}

/** The service is down once the canary is deployed. */
function goesDown({ world }: Room): void {
  const fired = {
    trigger: 'health-down',
    check: 'health',
    target: 'service',
    detail: 'failed 3 in a row, the last: 503',
  };
  world.watch = (_, clean) =>
    world.executed.includes('deploy-canary.1') ? { ...clean, observedMs: 0, fired: [fired] } : clean;
}

test('a rollback by a trigger: phases, what fired, and the outcome as a column', async () => {
  const room = await lab.room();
  goesDown(room);
  const handle = await room.start();
  await handle.result();
  const { summaries, searchAttributes } = await shown(handle);
  expect(summaries).toEqual(
    expect.arrayContaining([
      'preflight: checklist.1',
      'deploy canary: deploy-canary.1',
      'rollback.1, trigger health-down: health at service failed 3 in a row, the last: 503',
      'rollback: is RC.2 live',
      'rollback: rollback-smoke.1',
    ]),
  );
  expect(summaries.filter((each) => each.length > 200)).toEqual([]);
  expect(searchAttributes).toMatchObject({ GoLiveOutcome: ['rolled-back'], GoLivePhase: ['rolled-back'] });
});

test('what a run leaves with the server names the backup once something is deployed, and no earlier', async () => {
  const backupOf = async (handle: GoLiveHandle) =>
    ((await handle.describe()).memo?.['goLive'] as { backup?: string } | undefined)?.backup;
  const deployed = await (await lab.room()).start({ until: '3m' });
  expect(await backupOf(deployed)).toBe('/artifacts/pre_go_live/manifest.json');
  const rejected = await lab.room();
  rejected.world.findings['ready'] = { state: 'fail', detail: '503' };
  const handle = await rejected.start();
  expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
  expect(await backupOf(handle)).toBeUndefined();
});

test('an abort: who, and why', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '3m' });
  expect((await handle.describe()).searchAttributes).not.toHaveProperty('GoLiveOutcome');
  await handle.signal('abort', { reason: 'errors rise', by: 'Bo' });
  await handle.result();
  const { summaries } = await shown(handle);
  expect(summaries).toContain('rollback.1, Bo: errors rise');
  expect(summaries.find((each) => each.startsWith('ARIS3 rollout aborted'))?.length).toBe(80);
  // No timer for a report that comes: nothing alarming.
  expect(summaries.join('\n')).not.toMatch(/no report|next report due/);
});

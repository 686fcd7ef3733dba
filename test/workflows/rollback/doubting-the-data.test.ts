import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Finding } from '../../../src/domain/run/status.js';
import { restores, rollingBack } from '../../support/restore-story.js';
import { exit } from '../../support/scripted-world.js';
import { withRestore } from '../../support/with-restore.js';
import {
  decide,
  openHold,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

// A restore is proposed when data can be wrong (docs/rollback.md).
let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const PROPOSE = { propose: 'when-data-can-be-wrong' } as const;
const doubted = (prepare?: (room: Room) => void) => rollingBack(lab, prepare, PROPOSE);

const drift = { trigger: 'integrity-drift', check: 'integrity', target: 'service', detail: 'totals are wrong' };
/** The first look at the rules is the preflight's. */
const afterTheDeploy =
  ({ executed }: Room['world'], name: string, more: Partial<Finding>) =>
  (findings: Finding[]) =>
    findings.map((each) => (each.name === name && executed.includes('deploy-canary.1') ? { ...each, ...more } : each));

test('a rollback after which the data are as they were asks nobody, ends at once, and says how to be asked', async () => {
  const room = await lab.room(withRestore(PROPOSE));
  room.world.ends['deploy-canary'] = exit(1);
  const result = await (await room.start()).result();
  const how = `If they can be wrong all the same: golive rollback ${room.environment} --release RC.3 --previous RC.2 --data-suspect`;
  const why = `nothing says that the data are wrong, and the integrity command and the frozen rules passed after the rollback. ${how}`;
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    restore: { state: 'not proposed', detail: why },
  });
  expect(whatHappened(result).join('\n')).not.toContain('hold restore');
  expect(room.world.messages).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        new RegExp(
          `rollout aborted due to .* If the data can be wrong, say so before it is over: golive abort ${room.environment} --data-suspect$`,
        ),
      ),
      expect.stringContaining(`No data restore is proposed: ${why}`),
    ]),
  );
  expect(restores(room)).toEqual([]);
});

test.each<[string, (room: Room) => void, string]>([
  [
    'integrity that fails after the rollback',
    ({ world }) =>
      (world.lookAtRulesFinds = afterTheDeploy(world, 'integrity', { state: 'fail', detail: 'totals are wrong' })),
    'after the rollback: integrity (totals are wrong)',
  ],
  [
    'a rollback that is not proven',
    ({ world }) => (world.smokes['rollback-smoke'] = { passed: 4, skipped: 0, failed: 1, failing: [], uncovered: [] }),
    'the rollback is not proven',
  ],
  [
    'a trigger over the data',
    ({ world }) => {
      world.ends['deploy-canary'] = exit(0);
      world.watch = (_, clean) => (world.executed.includes('deploy-canary.1') ? { ...clean, fired: [drift] } : clean);
    },
    'the trigger integrity-drift has fired: integrity at service: totals are wrong',
  ],
])('%s is asked about', async (_, prepare, why) => {
  const { handle } = await doubted(prepare);
  expect((await openHold(handle, 'restore'))?.reason).toContain(`Why you are asked: ${why}.`);
});

const abort = async (handle: GoLiveHandle) =>
  (
    await handle.executeUpdate<{ next: string }, [object]>('requestAbort', {
      args: [{ reason: 'orders are corrupt', by: 'Bea', data: true }],
    })
  ).next;
const ASKED = 'Why you are asked: Bea says that the data can be wrong (orders are corrupt).';

test('a person who says so with the abort is heard', async () => {
  const room = await lab.room(withRestore(PROPOSE));
  const handle = await room.start({ until: '3m' });
  expect(await abort(handle)).toBe(
    'rollback to RC.2 starts now; the incident leads are asked about a restore of the data as soon as the rollback command has succeeded',
  );
  expect((await openHold(handle, 'restore'))?.reason).toContain(ASKED);
  expect(await abort(handle)).toBe('it is being stopped; a restore of the data is proposed already');
  await decide(handle, 'restore', 'decline', 'Lea');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', restore: { state: 'declined', by: 'Lea' } });
});

test('and so is one who says so while the rollback goes on', async () => {
  const { room, handle } = await doubted(({ world }) => (world.ends['rollback'] = exit(1)));
  await openHold(handle, 'rollback-failed');
  expect(await abort(handle)).toMatch(/^it is already being stopped: .*; the incident leads are asked about a restore/);
  room.world.ends['rollback'] = exit(0);
  await decide(handle, 'rollback-failed', 'retry');
  expect((await openHold(handle, 'restore'))?.reason).toContain(ASKED);
});

test('a plan without leads says that nobody is asked', async () => {
  const handle = await (await lab.room()).start({ until: '3m' });
  expect(await abort(handle)).toBe(
    'rollback to RC.2 starts now; nobody is asked about a restore of the data: the plan has no rollback.restore',
  );
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
});

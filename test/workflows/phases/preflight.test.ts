import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { goodReading } from '../../support/simulated-watch.js';
import { decide, openHold, scheduled, statusWhen, WorkflowLab, type Room } from '../../support/workflow-lab.js';
import type { ScriptedWorld } from '../../support/scripted-world.js';
import { thorough } from '../../support/thorough.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const result = async (room: Room, input = {}) => await (await room.start({ input })).result();
const deploys = (room: Room) => room.world.executed.filter((name) => name.startsWith('deploy'));

describe('any failure rejects', () => {
  test.each<[string, (world: ScriptedWorld) => unknown, string]>([
    [
      'another branch',
      (world) => (world.prints['branch'] = { stdout: 'hotfix\n' }),
      'working branch (on "hotfix", expected "main")',
    ],
    [
      'a dirty tree',
      (world) => (world.prints['clean-tree'] = { stdout: ' M app/main.py\n?? x\n' }),
      'clean tree (not clean: M app/main.py, ?? x)',
    ],
    [
      'a tree that git could not look at',
      (world) =>
        (world.prints['clean-tree'] = {
          stdout: '',
          stderr: "warning: could not open directory 'app/': Permission denied\n",
        }),
      "clean tree (git could not look everywhere: warning: could not open directory 'app/': Permission denied)",
    ],
    [
      'a checklist that fails',
      (world) => {
        world.ends['checklist'] = { kind: 'exited', exitCode: 1 };
        world.prints['checklist'] = { stdout: 'Go-live checklist result: FAIL (1 blocker(s))\n' };
      },
      'checklist (exit 1: no PASS: Go-live checklist result: FAIL (1 blocker(s)))',
    ],
    [
      'a checklist that exits 0 with a traceback',
      (world) => (world.prints['checklist'] = { stdout: '', stderr: 'ImportError: alembic\n' }),
      'checklist (no PASS: ImportError: alembic)',
    ],
    [
      'a checklist that was a dry run',
      (world) => (world.prints['checklist'] = { stdout: 'Go-live checklist result: DRY-RUN\n' }),
      'checklist (no PASS: Go-live checklist result: DRY-RUN)',
    ],
    [
      'a backup that fails',
      (world) => (world.ends['backup-create'] = { kind: 'exited', exitCode: 1 }),
      'there is no backup to validate',
    ],
    [
      'a backup that prints nothing',
      (world) => (world.prints['backup-create'] = { stdout: '' }),
      'backup (it printed no manifest path: it printed nothing)',
    ],
    [
      'a backup that fails with a traceback',
      (world) => {
        world.ends['backup-create'] = { kind: 'exited', exitCode: 1 };
        world.prints['backup-create'] = {
          stdout: '',
          stderr: `Traceback (most recent call last):\n  File "backup_create.py", line 9, in main\nTypeError: Object of type Decimal is not JSON serializable\n`,
        };
      },
      'backup (exit 1: TypeError: Object of type Decimal is not JSON serializable)',
    ],
    [
      'a backup that fails and says nothing',
      (world) => {
        world.ends['backup-create'] = { kind: 'exited', exitCode: 1 };
        world.prints['backup-create'] = { stdout: '' };
      },
      'backup (exit 1: it printed nothing)',
    ],
    [
      'no git checkout',
      (world) => {
        world.ends['branch'] = { kind: 'exited', exitCode: 128 };
        world.prints['branch'] = { stdout: '', stderr: 'fatal: not a git repository\n' };
      },
      'working branch (exit 128: fatal: not a git repository)',
    ],
    [
      'a checklist with a check that fails',
      (world) => {
        world.ends['checklist'] = { kind: 'exited', exitCode: 1 };
        world.prints['checklist'] = {
          stdout:
            'CHECK                  STATUS  ELAPSED(s) DETAIL\ngit:working-tree-clean FAIL          0.04 ok\nGo-live checklist result: FAIL (1 blocker(s))\n',
        };
      },
      'checklist (exit 1: no PASS: git:working-tree-clean FAIL 0.04 ok; Go-live checklist result: FAIL (1 blocker(s)))',
    ],
    [
      'an invalid manifest',
      (world) => {
        world.ends['backup-validate'] = { kind: 'exited', exitCode: 1 };
        world.prints['backup-validate'] = { stderr: "manifest invalid: ['checksum_mismatch:stock_items.jsonl']\n" };
      },
      'checksum_mismatch:stock_items.jsonl',
    ],
    [
      'no restore drill',
      (world) => (world.findings['restore drill'] = { state: 'fail', detail: 'no drill report' }),
      'restore drill (no drill report)',
    ],
    ['another live version', (world) => (world.live = 'RC.1'), 'rollback target (RC.1, expected RC.2)'],
    ['a check that fails now', (world) => (world.findings['ready'] = { state: 'fail', detail: '503' }), 'ready (503)'],
    [
      'an earlier command that still runs',
      (world) => (world.earlier = [{ workflowId: 'go-live-prod', step: 'deploy-canary.1', state: 'running' }]),
      'earlier commands (deploy-canary.1 of go-live-prod (running)',
    ],
  ])('%s', async (_, break_, why) => {
    const room = await lab.room();
    break_(room.world);
    const { outcome, stop, preflight } = await result(room);
    expect(outcome).toBe('rejected');
    expect(stop?.reason).toContain(why);
    expect(deploys(room)).toEqual([]);
    // All results are shown, not just the first failure.
    expect(preflight.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'earlier commands',
        'working branch',
        'clean tree',
        'checklist',
        'backup',
        'backup manifest',
        'restore drill',
        'rollback target',
        'health',
        'ready',
      ]),
    );
  });
});

thorough('the tree is looked at before the backup writes files', async () => {
  const room = await lab.room();
  await result(room);
  expect(room.world.executed.indexOf('clean-tree.1')).toBeLessThan(room.world.executed.indexOf('backup-create.1'));
});

thorough('the ledger is opened once, for every step, before the first of them', async () => {
  const room = await lab.room();
  const handle = await room.start();
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  expect(await scheduled(handle, 'authorise')).toBe(1);
});

thorough('what only looks is looked at side by side, after every command', async () => {
  const room = await lab.room((plan) => ({ ...plan, preflight: { ...plan.preflight, rehearsal: true } }));
  const handle = await room.start();
  await handle.result();
  const { events = [] } = await handle.fetchHistory();
  const task = (activity: string) =>
    String(
      events?.find((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity)
        ?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId,
    );
  const looks = [
    'findRehearsal',
    'proveLiveVersion',
    'lookAtChecks',
    'lookAtMetrics',
    'findDrillReport',
    'lookAtRules',
  ];
  expect(looks.map(task)).toEqual(looks.map(() => task('findRehearsal')));
  expect(room.world.executed.slice(0, 5).at(-1)).toBe('backup-validate.1');
});

thorough('an earlier command nobody knows the end of can be vouched for', async () => {
  const room = await lab.room();
  room.world.earlier = [{ workflowId: 'go-live-prod', step: 'deploy-canary.1', state: 'unknown' }];
  const attestations = {
    stagingParity: 'x',
    openIncidents: 'x',
    frozenRules: 'x',
    earlierCommands: 'looked: nothing was replaced',
  };
  expect(await result(room, { attestations })).toMatchObject({ outcome: 'completed' });
  expect(room.world.settled).toEqual(['earlier: looked: nothing was replaced by Ana']);
});

describe('what only a person can vouch for', () => {
  test('is asked, and a yes goes on', async () => {
    const room = await lab.room();
    const handle = await room.start({ input: { attestations: { stagingParity: 'x', frozenRules: 'x' } } });
    expect((await openHold(handle, 'attest-open-incidents'))?.reason).toBe('Is there no open blocker incident?');
    expect(deploys(room)).toEqual([]);
    await decide(handle, 'attest-open-incidents', 'confirm');
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });

  test('is asked, and a no rejects', async () => {
    const room = await lab.room();
    const handle = await room.start({ input: { attestations: { stagingParity: 'x', frozenRules: 'x' } } });
    await openHold(handle, 'attest-open-incidents');
    await decide(handle, 'attest-open-incidents', 'reject');
    expect(await handle.result()).toMatchObject({
      outcome: 'rejected',
      stop: { reason: 'preflight failed: open-incidents (Bea: looked at it)' },
    });
  });

  test('a no ends it at once: the other questions are taken back, what runs is stopped, and no further command runs', async () => {
    const room = await lab.room();
    room.world.ends['checklist'] = 'hangs';
    const handle = await room.start({ input: { attestations: {} } });
    await statusWhen(handle, ({ commands, holds }) => commands.length === 3 && holds.length > 1);
    await decide(handle, 'attest-open-incidents', 'reject');
    room.world.release('checklist.1');
    const ended = await handle.result();
    expect(ended).toMatchObject({ outcome: 'rejected', stop: { reason: expect.stringContaining('open-incidents') } });
    expect(room.world.stopped).toEqual(['checklist.1']);
    expect(room.world.executed).toEqual(['branch.1', 'clean-tree.1', 'checklist.1']);
  });

  test('is not waited for when something else has failed already', async () => {
    const room = await lab.room();
    room.world.live = 'RC.1';
    expect(await result(room, { attestations: {} })).toMatchObject({ outcome: 'rejected' });
  });
});

test('what was clean in the preflight has to be clean when the first deploy begins, however long people took', async () => {
  const room = await lab.room();
  let slow = false;
  room.world.readings = (check, _, at) =>
    slow && check.name === 'p95' && at > 0 ? { kind: 'value', value: 400 } : goodReading(check);
  const handle = await room.start({ input: { attestations: { stagingParity: 'x', frozenRules: 'x' } } });
  await openHold(handle, 'attest-open-incidents');
  slow = true;
  await statusWhen(handle, ({ watching }) =>
    watching.some(({ check, standing }) => check === 'p95' && standing === 'failing'),
  );
  await decide(handle, 'attest-open-incidents', 'confirm');
  expect(await handle.result()).toMatchObject({
    outcome: 'rejected',
    stop: { reason: 'no longer clean: p95 at service (400 ms)' },
  });
  expect(deploys(room)).toEqual([]);
});

test('a rehearsal whose checklist can not run says what it printed', async () => {
  const room = await lab.room();
  room.world.ends['checklist-dry-run'] = { kind: 'exited', exitCode: 1 };
  room.world.prints['checklist-dry-run'] = {
    stdout: '',
    stderr: 'Traceback (most recent call last):\n  File "x.py", line 1\nImportError: alembic\n[hint: pip install]\n',
  };
  expect(await result(room, { dryRun: true })).toMatchObject({
    outcome: 'rejected',
    summary: expect.stringContaining("the checklist's dry run failed, exit 1: ImportError: alembic [hint") as unknown,
  });
});

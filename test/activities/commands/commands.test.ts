import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  commandActivities,
  type CommandReference,
  type RunReference,
} from '../../../src/activities/commands/commands.js';
import type { CommandProgress, CommandReport } from '../../../src/domain/commands/command.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { CommandKey } from '../../../src/ledger/ledger.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';

let lab: ActivityLab;
let folder: string;

beforeEach(async () => {
  const plan = await aris3Plan((each): Plan => ({
    ...each,
    secrets: ['ARIS3_PASSWORD'],
    environment: { ...each.environment, workingDirectory: '${WORK}', environment: { SECRET: '${ARIS3_PASSWORD}' } },
    preflight: {
      ...each.preflight,
      backup: {
        ...each.preflight.backup,
        artifacts: '${WORK}/artifacts',
        validate: { ...each.preflight.backup.validate, run: ['echo', '{manifest}'] },
      },
      checklist: { ...each.preflight.checklist, run: ['sleep', '60'], environment: {} },
    },
    rollback: {
      ...each.rollback,
      run: [
        'sh',
        '-c',
        'echo "$@" $SECRET; env | cut -d= -f1 | sort | tr "\\n" " "',
        'sh',
        '--to',
        '{previousRelease}',
      ],
    },
    verify: { ...each.verify, smoke: { ...each.verify.smoke, run: ['sh', '-c', 'exit 5'] } },
  }));
  lab = await ActivityLab.open(plan, {
    WORK: '/nowhere',
    ARIS3_PASSWORD: 'correct horse',
    SHELL_OPTS: 'leak',
    HOME: '/home/worker',
  });
  folder = join(lab.folder, 'work');
  (lab.dependencies.environment as Record<string, string>)['WORK'] = folder;
  await mkdir(join(folder, 'artifacts'), { recursive: true });
});
afterEach(() => lab.close());

const activities = () => commandActivities({ ...lab.dependencies, taskQueue: 'golive' });
const run = (): RunReference => ({
  planHash: lab.planHash,
  environment: 'prod',
  firstExecutionRunId: 'run-1',
  originalRunId: 'run-1',
});

async function runStep(
  step: string,
  values: Record<string, string>,
  more: Partial<CommandReference> = {},
  info: Record<string, unknown> = {},
): Promise<CommandReport> {
  await lab.run(activities().authorise, { ...run(), commands: [{ step, generation: 1 }] }, info);
  return lab.run(activities().runCommand, { ...run(), step, generation: 1, values, ...more }, info);
}

test("a step runs with the plan's arguments, an allow-list of variables, and without its secrets being told", async () => {
  const report = await runStep('rollback', { previousRelease: 'RC.2' });
  expect(report.end).toEqual({ kind: 'exited', exitCode: 0 });
  expect(report.stdout).toContain('--to RC.2 [redacted]');
  expect(report.stdout).toMatch(/HOME PATH .*SECRET/);
  expect(report.stdout).not.toContain('SHELL_OPTS');
});

test('an exit code is what it is', async () => {
  expect((await runStep('smoke', {})).end).toEqual({ kind: 'exited', exitCode: 5 });
});

test.each([
  ['the smoke gives way to everything else', 'smoke', '5'],
  ['the one after a rollback does not', 'rollback-smoke', '0'],
])('%s', async (_, step, niceness) => {
  const plan = await lab.dependencies.plans.load(lab.planHash);
  // Its niceness comes a moment after its start.
  const run = ['sh', '-c', `for i in 1 2 3 4 5 6 7 8 9; do [ "$(nice)" = 5 ] && break; sleep 0.05; done; nice`];
  const smoke = { ...plan.verify.smoke, run, workingDirectory: folder, environment: {} };
  (lab.dependencies.plans as { load: unknown }).load = () =>
    Promise.resolve({
      ...plan,
      verify: { ...plan.verify, smoke },
      rollback: { ...plan.rollback, smoke: { ...smoke } },
    });
  expect((await runStep(step, {})).stdout.trim()).toBe(niceness);
});

test('a running command tells its last line, without secrets', async () => {
  const plan = await lab.dependencies.plans.load(lab.planHash);
  const script = 'echo first; echo "as $SECRET: 3 of 10"; until [ -e seen ]; do sleep 0.1; done';
  const smoke = { ...plan.verify.smoke, run: ['sh', '-c', script], environment: { SECRET: '${ARIS3_PASSWORD}' } };
  (lab.dependencies.plans as { load: unknown }).load = () =>
    Promise.resolve({ ...plan, verify: { ...plan.verify, smoke: { ...smoke, workingDirectory: folder } } });
  await lab.run(activities().authorise, { ...run(), commands: [{ step: 'smoke', generation: 1 }] });
  const environment = lab.environment();
  const told = new Promise<CommandProgress>((resolve) => {
    environment.on('heartbeat', (progress?: CommandProgress) => {
      if (progress?.lastLine) resolve(progress);
    });
  });
  const input = { ...run(), step: 'smoke', generation: 1, values: {} };
  const running = lab.run(activities().runCommand, input, {}, environment);
  expect(await told).toEqual({ step: 'smoke', generation: 1, lastLine: 'as [redacted]: 3 of 10' });
  await writeFile(join(folder, 'seen'), '');
  expect((await running).end).toEqual({ kind: 'exited', exitCode: 0 });
});

test('the same generation is never run again', async () => {
  const first = await runStep('rollback', { previousRelease: 'RC.2' });
  const second = await lab.run(
    activities().runCommand,
    { ...run(), step: 'rollback', generation: 1, values: { previousRelease: 'RC.2' } },
    { attempt: 2 },
  );
  expect(second.startedAt).toBe(first.startedAt);
});

describe('a smoke writes its report into the directory of its own generation', () => {
  const REPORT =
    '<testsuite><testcase classname="t" name="test_go_live_stock_full_table_contract_and_totals"/><testcase classname="t" name="other"><failure message="no"/></testcase></testsuite>';
  const smokes = async (script: string) => {
    const plan = await lab.dependencies.plans.load(lab.planHash);
    const smoke = {
      ...plan.verify.smoke,
      run: ['sh', '-c', script, 'sh', REPORT],
      environment: { REPORT: '{report}', ADDOPTS: '--junitxml={report}' },
    };
    (lab.dependencies.plans as { load: unknown }).load = () =>
      Promise.resolve({ ...plan, verify: { ...plan.verify, smoke } });
  };

  test('which is read, classified and bounded', async () => {
    await smokes('echo "$1" > "$REPORT"; echo "$ADDOPTS"; exit 1');
    const report = await runStep('smoke', {});
    expect(report.end).toEqual({ kind: 'exited', exitCode: 1 });
    expect(report.stdout.trim()).toMatch(/^--junitxml=\/.*\/ledger\/runs\/go-live-prod\/run-1\/smoke\.1\/report\.xml$/);
    expect(report.smoke).toEqual({
      passed: 1,
      skipped: 0,
      failed: 1,
      failing: [{ test: 't.other', areas: [], said: 'no' }],
      uncovered: ['auth', 'transfer-actions', 'pos-checkout', 'reports-exports'],
    });
    await lab.run(activities().authorise, { ...run(), commands: [{ step: 'smoke', generation: 2 }] });
    expect(
      (await lab.run(activities().runCommand, { ...run(), step: 'smoke', generation: 2, values: {} })).stdout,
    ).toContain('/smoke.2/report.xml');
  });

  test('which is told when it is not there', async () => {
    await smokes('exit 0');
    expect((await runStep('smoke', {})).smoke).toEqual({
      unreadable: expect.stringMatching(/^it wrote no report to \/.*\/smoke\.1\/report\.xml$/),
    });
  });

  test('and nothing else has one', async () => {
    expect(await runStep('rollback', { previousRelease: 'RC.2' })).not.toHaveProperty('smoke');
  });
});

describe('nothing runs', () => {
  test('for a step that is not in the plan', async () => {
    await expect(runStep('reboot', {})).rejects.toThrow('The plan has no step "reboot"');
  });

  test('with a value that is no tag', async () => {
    await expect(runStep('rollback', { previousRelease: '--force' })).rejects.toThrow(
      "The value of {previousRelease} can't become part of a command",
    );
  });

  test("in a ledger that has lost the command's folder", async () => {
    const report = await lab.run(activities().runCommand, {
      ...run(),
      step: 'rollback',
      generation: 1,
      values: { previousRelease: 'RC.2' },
    });
    expect(report.end.kind).toBe('unknown');
  });

  test('in a run that was reset, until a person has accepted that', async () => {
    const reset = { workflowExecution: { workflowId: 'go-live-prod', runId: 'run-2' } };
    expect((await runStep('rollback', { previousRelease: 'RC.2' }, {}, reset)).end).toEqual({
      kind: 'reset',
      runId: 'run-2',
    });
    expect((await runStep('rollback', { previousRelease: 'RC.2' }, { acceptedReset: 'run-2' }, reset)).end).toEqual({
      kind: 'exited',
      exitCode: 0,
    });
  });
});

describe('a deploy whose run has forgotten what the ledger has run', () => {
  const deploy = (more: object) => runStep('deploy-canary', { release: 'RC.3' }, more);

  beforeEach(async () => void (await runStep('rollback', { previousRelease: 'RC.2' })));

  test('is held, and says what that was', async () => {
    expect((await deploy({ known: ['deploy-canary.1'] })).end).toEqual({ kind: 'ahead', commands: ['rollback.1'] });
  });

  test.each([
    ['knows it', { known: ['deploy-canary.1', 'rollback.1'] }],
    ['goes on in spite of it', { known: ['deploy-canary.1'], acceptedAhead: ['rollback.1'] }],
    ['is of a version that says nothing of it', {}],
  ])('is begun when its run %s', async (_, more) => {
    // There is no deploy.sh here.
    expect((await deploy(more)).end).toMatchObject({ kind: 'not-started' });
  });
});

describe('a manifest', () => {
  test('inside the artifacts folder is passed on, absolute', async () => {
    await writeFile(join(folder, 'artifacts', 'manifest.json'), '{}');
    expect((await runStep('backup-validate', { manifest: 'artifacts/manifest.json' })).stdout.trim()).toMatch(
      /^\/.*\/artifacts\/manifest\.json$/,
    );
  });

  test.each(['manifest.json', '../nothing.json', '/etc/passwd', 'artifacts', 'artifacts/link'])(
    'outside of it is refused: %s',
    async (manifest) => {
      await writeFile(join(folder, 'manifest.json'), '{}');
      await symlink('/etc/passwd', join(folder, 'artifacts', 'link'));
      await expect(runStep('backup-validate', { manifest })).rejects.toThrow(
        /outside the artifacts folder|no such file/,
      );
    },
  );
});

test('what earlier runs have left running or unknown is found, and what is unknown can be vouched for', async () => {
  const earlier = { ...run(), firstExecutionRunId: 'run-0' };
  const key = { workflowId: 'go-live-prod', firstExecutionRunId: 'run-0', step: 'checklist', generation: 1 };
  await lab.run(activities().authorise, { ...earlier, commands: [key] });
  const running = lab.run(activities().runCommand, { ...earlier, step: 'checklist', generation: 1, values: {} });
  const { supervisor, child } = await processesOf(key);
  expect(await lab.run(activities().earlierCommands, run())).toEqual([
    { workflowId: 'go-live-prod', step: 'checklist.1', state: 'running' },
  ]);
  // Its own run isn't told about its own commands.
  expect(await lab.run(activities().earlierCommands, earlier)).toEqual([]);
  process.kill(supervisor, 'SIGKILL');
  process.kill(child, 'SIGKILL');
  expect((await running).end.kind).toBe('unknown');
  expect(await lab.run(activities().earlierCommands, run())).toEqual([
    { workflowId: 'go-live-prod', step: 'checklist.1', state: 'unknown' },
  ]);
  await lab.run(activities().settleEarlier, { ...run(), by: 'Ana', reason: 'looked' });
  expect(await lab.run(activities().earlierCommands, run())).toEqual([]);
});

test('a run that was cut off on another host has left nobody knows what', async () => {
  lab.earlierRuns.push(
    { runId: 'run-1', memo: {} },
    { runId: 'run-0', status: { name: 'TERMINATED' }, memo: { goLive: { host: 'golive-host-elsewhere' } } },
  );
  expect(await lab.run(activities().earlierCommands, run())).toEqual([
    {
      workflowId: 'go-live-prod',
      step: 'whatever run run-0 (terminated) has left on golive-host-elsewhere',
      state: 'unknown',
    },
  ]);
  lab.earlierRuns[1] = {
    runId: 'run-0',
    status: { name: 'COMPLETED' },
    memo: { goLive: { host: 'golive-host-elsewhere', outcome: 'completed' } },
  };
  expect(await lab.run(activities().earlierCommands, run())).toEqual([]);
});

async function processesOf(key: CommandKey): Promise<{ supervisor: number; child: number }> {
  for (;;) {
    const { observation, pid } = await lab.dependencies.ledger.read(key);
    if (observation.state === 'running' && pid !== undefined) return { supervisor: observation.supervisor, child: pid };
    await new Promise((next) => setTimeout(next, 10));
  }
}

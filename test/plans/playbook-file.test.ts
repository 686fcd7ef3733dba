import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { planFor, stepsOf } from '../../src/domain/plan.js';
import { parsePlaybook, PlaybookFileError, readPlaybookFile } from '../../src/plans/playbook-file.js';

let text: string;
beforeAll(async () => {
  text = await readFile('golive.yaml', 'utf8');
});

function faultsOf(broken: string): readonly string[] {
  try {
    parsePlaybook(broken, 'golive.yaml');
  } catch (error) {
    if (error instanceof PlaybookFileError) return error.faults;
    throw error;
  }
  return [];
}

const lineOf = (words: string) => text.split('\n').findIndex((line) => line.includes(words)) + 1;

describe('the playbook files that come with golive', () => {
  test.each([
    ['golive.yaml', 'sandbox'],
    ['examples/aris3/golive.yaml', 'prod'],
  ])('%s is valid', async (file, environment) => {
    expect(stepsOf(planFor(await readPlaybookFile(file), environment)).length).toBeGreaterThan(10);
  });

  test("the one for ARIS3 has exactly the playbook's commands and numbers", async () => {
    const plan = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
    const commands = Object.fromEntries(stepsOf(plan).map((step) => [step.name, step.command.run.join(' ')]));
    expect(commands).toMatchObject({
      branch: 'git branch --show-current',
      'clean-tree': 'git status --short',
      checklist: 'python scripts/go_live_checklist.py',
      'checklist-dry-run': 'python scripts/go_live_checklist.py --dry-run',
      'backup-create': 'python scripts/ops/backup_create.py --name {backupName}',
      'backup-validate': 'python scripts/ops/backup_manifest_validate.py {manifest}',
      'deploy-canary': './deploy.sh --env prod --strategy canary --batch 10',
      'deploy-rolling-25': './deploy.sh --env prod --strategy rolling --batch 25',
      'deploy-rolling-100': './deploy.sh --env prod --strategy rolling --batch 100',
      smoke: 'pytest -q tests/smoke/test_go_live_validation.py',
      rollback: './deploy.sh --env prod --rollback --to {previousRelease}',
      'rollback-smoke': 'pytest -q tests/smoke/test_go_live_validation.py',
    });
    expect(plan.stages[0]?.soak).toEqual({ min: 300_000, max: 600_000, settle: 120_000 });
    expect(plan.triggers.map((trigger) => [trigger.name, 'consecutive' in trigger && trigger.consecutive])).toEqual(
      expect.arrayContaining([
        ['health-down', 3],
        ['not-ready', 3],
        ['contract-drift', 1],
        ['integrity-drift', 1],
      ]),
    );
    expect(plan.hypercare.for).toBe(72 * 3_600_000);
    expect(plan.hypercare.windows.map(({ until }) => until / 3_600_000)).toEqual([8, 24, 72]);
    expect(plan.hypercare).toMatchObject({
      reviews: { from: 24 * 3_600_000, every: 2 * 3_600_000 },
      exit: { clean: 24 * 3_600_000 },
    });
    expect(plan.verify.contracts.get).toEqual([
      { path: '/aris3/stock', has: ['meta', 'rows', 'totals'], stock: true },
      { path: '/aris3/reports/overview', has: ['meta', 'totals'], stock: false },
      { path: '/aris3/exports', has: ['rows'], stock: false },
    ]);
    expect(plan.verify.integrity?.run.join(' ')).toBe('python scripts/post_go_live_integrity_check.py --strict --json');
    expect(plan.messages).toMatchObject({
      started: {
        text: '{service} release {release} started (canary phase). Decision owner: {decisionOwner}. Next update in 10 min.',
        nextUpdate: 600_000,
      },
      canaryHealthy: {
        text: '{service} canary healthy (error/latency within guardrails). Proceeding to rolling rollout 25% -> 100%.',
      },
      complete: {
        text: '{service} release {release} go-live complete. Post-deploy smoke passed. Hypercare window now active (T+72h).',
      },
      aborted: {
        text: '{service} rollout aborted due to {reason}. Rollback in progress to {previousRelease}. Next status in 10 min.',
        nextUpdate: 600_000,
      },
    });
  });
});

test('the one for ARIS3 has exactly the numbers of the playbook and of the hypercare runbook', async () => {
  const plan = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
  expect(plan.metrics).toMatchObject({ window: 300_000, names: { durationUnit: 'ms' } });
  const guardrails = plan.checks.flatMap((check) =>
    check.kind === 'metric' ? [[check.name, check.guardrail, check.mayBeIdle]] : [],
  );
  expect(guardrails).toEqual([
    ['error-rate', { is: 'below', value: 0.01 }, false],
    ['p95', { is: 'below', value: 350 }, false],
    ['checkout', { is: 'atLeast', value: 0.995 }, true],
    ['transfers', { is: 'atLeast', value: 0.995 }, true],
    ['invariants', { is: 'atMost', value: 0 }, false],
  ]);
  expect(plan.triggers).toMatchObject([
    { check: 'health', consecutive: 3, action: 'rollback' },
    { check: 'ready', consecutive: 3, action: 'rollback' },
    { check: 'error-rate', breach: { is: 'atLeast', value: 0.05 }, for: 600_000, action: 'rollback' },
    { check: 'checkout', breach: { is: 'below', value: 0.97 }, for: 600_000, action: 'rollback' },
    { check: 'p95', breach: { is: 'above', value: 500 }, for: 900_000, action: 'rollback' },
    { check: 'transfers', breach: { is: 'below', value: 0.99 }, for: 900_000, action: 'ask' },
    { check: 'invariants', breach: { is: 'above', value: 0 }, for: 0, action: 'rollback' },
    { check: 'contracts', for: 0, action: 'rollback' },
    { check: 'integrity', for: 0, action: 'rollback' },
    { external: true, for: 0, action: 'rollback' },
  ]);
});

describe('a fault is told with file, line and a sentence that helps', () => {
  test('an unknown key, with the one that was meant', () => {
    expect(faultsOf(text.replace('  cleanTree:', '  cleanTre:'))).toContain(
      `golive.yaml:${lineOf('cleanTree:')}: preflight.cleanTre: unknown key. Did you mean "cleanTree"?`,
    );
  });

  test.each([
    [
      'a duration without a unit',
      'deadline: 2m',
      'deadline: 120',
      'must be a duration with a unit, such as 30s, 10m or 72h (it is 120)',
    ],
    [
      'a duration from the environment',
      'for: 15s',
      'for: ${HYPERCARE}',
      'a duration from the environment would not be covered by the plan hash',
    ],
    [
      'a soak whose max is below its min',
      'min: 5s, max: 20s',
      'min: 25s, max: 20s',
      'max must not be shorter than min',
    ],
    [
      'a settle longer than the soak',
      'settle: 3s }\n  - name: rolling-25',
      'settle: 30s }\n  - name: rolling-25',
      'settle must not be longer than min',
    ],
    [
      'a trigger over nothing',
      'check: health, consecutive: 3',
      'check: helth, consecutive: 3',
      'names the check "helth", which isn\'t under checks (health, ready, ',
    ],
    [
      'a trigger that can never fire',
      'check: health, consecutive: 3',
      'check: health, consecutive: 0',
      'triggers.0.consecutive',
    ],
    [
      'a check nobody acts on',
      'name: not-ready, check: ready',
      'name: not-ready, check: health',
      'the check "ready" has no trigger',
    ],
    [
      'a shell',
      'run: git status --short',
      'run: git status --short | cat',
      'no shell reads it. Write the command as a list',
    ],
    [
      'a placeholder that does not exist',
      '--to {previousRelease}',
      '--to {lastRelease}',
      "has {lastRelease}, which doesn't exist here",
    ],
    ['two stages of one name', 'name: rolling-100', 'name: rolling-25', '"rolling-25" is there twice'],
    [
      'an address without a scheme',
      'url: ${GOLIVE_SANDBOX_URL}',
      'url: localhost',
      'must begin with http:// or https://',
    ],
    ['another version of the format', 'version: 1', 'version: 2', 'must be 1, the version of this file format'],
    ['what is not YAML', 'version: 1', 'version: {', "this isn't YAML"],
  ])('%s', (_, good, bad, words) => {
    expect(text).toContain(good);
    const faults = faultsOf(text.replace(good, bad));
    expect(faults.join('\n')).toContain(words);
    expect(faults[0]).toMatch(/^golive\.yaml:\d+: /);
  });

  test('all at once, not one after the other', () => {
    expect(
      faultsOf(text.replace('stopGrace: 3s', 'stopGrace: 0s').replace('pageAgain: 1m', 'pageAgain: soon')),
    ).toHaveLength(2);
  });

  test('something that is missing', () => {
    expect(faultsOf(text.replace(/hypercare:\n(?: {2}.*\n)+/, ''))).toEqual([
      expect.stringMatching(/^golive\.yaml:\d+: hypercare: .*\(it is missing\)/),
    ]);
  });

  test('a file that is not there', async () => {
    await expect(readPlaybookFile('nowhere.yaml')).rejects.toThrow(
      "nowhere.yaml: can't be read (ENOENT). Name the playbook file with --playbook or GOLIVE_PLAYBOOK.",
    );
  });
});

test('an environment that is not in the file is told with those that are', () => {
  expect(() => planFor(parsePlaybook(text, 'golive.yaml'), 'prod')).toThrow(
    'There is no environment "prod" in the playbook file. It has: sandbox.',
  );
  expect(() => planFor(parsePlaybook(text, 'golive.yaml'), 'constructor')).toThrow(
    'There is no environment "constructor"',
  );
});

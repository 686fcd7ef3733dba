import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planFor, stepsOf } from '../../src/domain/plan/plan.js';
import { parsePlaybook, readPlaybookFile } from '../../src/plans/playbook-file.js';
import { PlaybookFileError } from '../../src/plans/playbook-file-error.js';
import { runs } from '../support/property-runs.js';

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
    ['two stages of one name', 'name: rolling-100', 'name: rolling-25', 'duplicate name "rolling-25"'],
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

/** The first line that has these words, with others in their place. */
const withInstead = (words: string, others: string) => {
  expect(text).toContain(words);
  return text.replace(words, others);
};

describe('what YAML can do and a playbook file can not is one fault, by its line', () => {
  test.each<[string, () => string, number | (() => number), string]>([
    [
      'an alias of nothing',
      () => withInstead('stopGrace: 3s', 'stopGrace: *grace'),
      () => lineOf('stopGrace:'),
      '*grace has no &grace before it',
    ],
    ['an alias before its anchor', () => 'version: *v\nservice: &v 1\n', 1, '*v has no &v before it'],
    ['an alias of what it lies in', () => 'version: 1\nchecks: &all [*all]\n', 2, '*all lies in what it stands for'],
    [
      'aliases that multiply',
      () =>
        `a: &a [x,x,x]\n${[...'bcdefg'].map((name, index) => `${name}: &${name} [${`*${'abcdef'[index]},`.repeat(9)}]`).join('\n')}\n`,
      2,
      'aliases of aliases come to more than is read',
    ],
    [
      'a tag of JavaScript',
      () => withInstead('service: ARIS3', 'service: !!js/function ARIS3'),
      () => lineOf('service:'),
      "the tag !!js/function isn't read",
    ],
    [
      'a tag of somebody else',
      () => withInstead('service: ARIS3', 'service: !env SERVICE'),
      () => lineOf('service:'),
      "the tag !env isn't read. Write the value itself, or ${VAR}",
    ],
    [
      'a tag for bytes',
      () => withInstead('service: ARIS3', 'service: !!binary QVJJUzM='),
      () => lineOf('service:'),
      "the tag !!binary isn't read",
    ],
    [
      'a key that is there twice',
      () => withInstead('service: ARIS3', 'service: ARIS3\nservice: ARIS4'),
      () => lineOf('service:') + 1,
      '"service" is a duplicate key',
    ],
    [
      'a merge key',
      () => withInstead('  - { name: ready,', '  - { <<: *health, name: ready,'),
      () => lineOf('name: ready,'),
      'merge keys (<<) are not read',
    ],
    [
      'a second document',
      () => `${text}---\nversion: 1\n`,
      () => text.split('\n').length,
      'a second document begins here',
    ],
    ['an indent of tabs', () => 'version: 1\nenvironments:\n\tprod: 1\n', 3, "a tab doesn't indent"],
    ['a key that is a list', () => 'version: 1\n? [a, b]\n: 1\n', 2, 'a key must be text'],
    ['lists in lists', () => `version: 1\nservice: ${'['.repeat(200)}${']'.repeat(200)}\n`, 2, 'too deep'],
    ['lists in lists without end', () => `version: 1\nservice: ${'['.repeat(40_000)}`, 2, 'too deep'],
    ['nothing', () => '', 1, 'the file: must be a group of keys (it is empty)'],
    ['a comment', () => '# later\n', 1, 'the file: must be a group of keys (it is empty)'],
    ['one value', () => 'hello\n', 1, 'the file: must be a group of keys (it is "hello")'],
    ['one long value', () => 'x'.repeat(9_000), 1, 'xxx…)'],
    ['a list', () => '- version: 1\n', 1, 'the file: must be a group of keys'],
    ['another YAML', () => '%YAML 9.9\n---\nversion: 1\n', 1, 'Unsupported YAML version 9.9'],
  ])('%s', (_, broken, line, words) => {
    const faults = faultsOf(broken());
    expect(faults).toEqual([expect.stringContaining(words)]);
    expect(faults[0]).toMatch(new RegExp(`^golive\\.yaml:${typeof line === 'number' ? line : line()}: `));
  });

  test.each([
    ['a password', () => withInstead('password: "${ARIS3_PASSWORD}"', 'password: 12345678'), '12345678'],
    [
      'a URL with a password',
      () => withInstead('"${GOLIVE_SANDBOX_DISCOVERY_URL}"', '"prometheus://admin:hunter2hunter2@host/"'),
      'hunter2',
    ],
    ['a bearer', () => 'version: 1\nmetrics: { prometheus: { url: "http://x", bearer: 12345678 } }\n', '12345678'],
    [
      'a variable of that name',
      () => 'version: 1\nrollback: { environment: { PGPASSWORD: [12345678] } }\n',
      '12345678',
    ],
    [
      'a password as a duration',
      () => withInstead('stopGrace: 3s', 'stopGrace: "http://admin:hunter2hunter2@host/"'),
      'hunter2',
    ],
  ])('%s is not shown', (_, broken, secret) => {
    const faults = faultsOf(broken());
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).not.toContain(secret);
  });

  test('what is wrong in an alias is shown as it is', () => {
    const broken = withInstead('stopGrace: 3s', 'stopGrace: &soon soon').replace('pageAgain: 1m', 'pageAgain: *soon');
    expect(faultsOf(broken).filter((fault) => fault.includes('(it is "soon")'))).toHaveLength(2);
  });

  test('an anchor with its aliases, Windows line ends and a byte order mark are read', () => {
    const own = parsePlaybook(text, 'golive.yaml');
    const anchored = withInstead('every: 6s', 'every: &review 6s').replace('clean: 5s', 'clean: *review');
    expect(parsePlaybook(anchored, 'golive.yaml').hypercare.exit).toMatchObject({ clean: 6_000 });
    expect(parsePlaybook(text.replaceAll('\n', '\r\n'), 'golive.yaml')).toEqual(own);
    expect(parsePlaybook(`\ufeff${text}`, 'golive.yaml')).toEqual(own);
  });

  test('a thousand faults are fifty, and a word about the rest', () => {
    const faults = faultsOf(`version: 1\nchecks: [${'1,'.repeat(1_000)}]\n`);
    expect(faults).toHaveLength(51);
    expect(faults.at(-1)).toMatch(/^golive\.yaml: and \d+ faults more$/);
  });
});

describe('a file that is no text of a playbook', () => {
  test.each<[string, Buffer, string]>([
    ['another encoding', Buffer.from('version: 1\nservice: caf\xe9\n', 'latin1'), ":2: this isn't UTF-8"],
    ['UTF-16', Buffer.from('\ufeffversion: 1\n', 'utf16le'), ":1: this isn't UTF-8"],
    ['too long', Buffer.from(`version: 1\n#${'x'.repeat(200_000)}`), 'has more than 131072 bytes'],
  ])('%s', async (_, bytes, words) => {
    const folder = await mkdtemp(join(tmpdir(), 'playbook-'));
    await writeFile(join(folder, 'golive.yaml'), bytes);
    await expect(readPlaybookFile(join(folder, 'golive.yaml'))).rejects.toThrow(words);
  });

  test('one without an end', async () => {
    await expect(readPlaybookFile('/dev/zero')).rejects.toThrow('has more than 131072 bytes');
  });
});

test('a file that is cut, torn or mixed up is valid or told by its line, whatever it is', () => {
  const lines = text.split('\n');
  const line = fc.nat(lines.length - 1);
  const odd = fc.constantFrom(
    '*x',
    '&x',
    '!t ',
    '<<: ',
    '---',
    '\t',
    '{',
    '"',
    ': ',
    '? ',
    '\0',
    '\u{1f600}',
    '|',
    '%YAML 1.1',
  );
  const mutated = fc.oneof(
    fc.nat(text.length).map((end) => text.slice(0, end)),
    fc.tuple(line, line).map(([one, other]) => lines.toSpliced(one, 1, lines[other] ?? '').join('\n')),
    line.map((at) => lines.toSpliced(at, 0, lines[at] ?? '').join('\n')),
    fc.tuple(fc.nat(text.length), odd).map(([at, words]) => text.slice(0, at) + words + text.slice(at)),
  );
  fc.assert(
    fc.property(mutated, (broken) =>
      faultsOf(broken).every((fault) => /^golive\.yaml:\d+: /.test(fault) || fault.endsWith('faults more')),
    ),
    runs(40),
  );
});

test('an environment that is not in the file is told with those that are', () => {
  expect(() => planFor(parsePlaybook(text, 'golive.yaml'), 'prod')).toThrow(
    'There is no environment "prod" in the playbook file. It has: sandbox.',
  );
  expect(() => planFor(parsePlaybook(text, 'golive.yaml'), 'constructor')).toThrow(
    'There is no environment "constructor"',
  );
});

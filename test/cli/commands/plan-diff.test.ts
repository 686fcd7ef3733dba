import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { homeAt } from '../../../src/home.js';
import { PlanStore } from '../../../src/plans/plan-store.js';
import { golive } from '../golive-process.js';

let home: string;
let edited: string;
let hash: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'plan-diff-'));
  edited = join(home, 'golive.yaml');
  await writeFile(
    edited,
    (await readFile('golive.yaml', 'utf8')).replace('for: 8s, action: rollback', 'for: 10s, action: rollback'),
  );
  ({ hash } = await new PlanStore(homeAt(home).plans, 'golive.yaml').freeze('sandbox'));
});
const diff = (...args: string[]) => golive(['plan', ...args, '--home', home], process.env);

test('what differs from a kept plan is told by path, with exit code 7', async () => {
  const { exitCode, stdout } = await diff('sandbox', '--diff', hash.slice(7, 19), '--playbook', edited);
  expect(stdout).toContain('\n  triggers.latency.for: 8s → 10s\n');
  expect(exitCode).toBe(7);
  const json = await diff('sandbox', '--diff', hash, '--playbook', edited, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    environment: 'sandbox',
    old: hash,
    same: false,
    changes: [{ path: 'triggers.latency.for', old: '8s', new: '10s' }],
    exitCode: 7,
  });
});

test('nothing differs from the same plan, with exit code 0', async () => {
  const { exitCode, stdout } = await diff('sandbox', '--diff', hash);
  expect(stdout).toMatch(/^Nothing differs: golive\.yaml gives the plan [0-9a-f]{12}, kept here\.\n$/);
  expect(exitCode).toBe(0);
});

test.each([
  ['a plan that is not here', ['sandbox', '--diff', '000000'], 1, /isn't in .*plans\. .*run this there/],
  ['no hash', ['sandbox', '--diff', 'yesterday'], 2, /"yesterday" is no hash of a plan/],
  ['no environment', ['--diff'], 2, /golive plan .*sandbox --diff$/m],
])('%s is said', async (_, args, code, words) => {
  const { exitCode, stderr } = await diff(...args);
  expect(stderr).toMatch(words);
  expect(exitCode).toBe(code);
});

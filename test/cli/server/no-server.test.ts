import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noServerText, refuseAnother, serverAdvice } from '../../../src/cli/server/no-server.js';
import { LookAround } from '../../../src/cli/watch/look-around.js';
import { homeAt } from '../../../src/home.js';
import { embeddedTarget, temporalTarget } from '../../../src/temporal/connection.js';
import { freePort } from '../../../src/temporal/free-port.js';
import { thorough } from '../../support/thorough.js';
import { golive } from '../golive-process.js';

describe('what a message says', () => {
  const home = homeAt('/srv/go live');
  const target = (env: NodeJS.ProcessEnv) => temporalTarget({}, { HOME: '/nowhere', ...env });
  const told = (server: Parameters<typeof noServerText>[1], upWasHere = false, begins = false) =>
    noServerText('No Temporal server answered.', server, upWasHere, { begins });

  test('of a server that somebody names: its service, the network, the name, and never to start one', () => {
    const text = told({ home, target: target({ TEMPORAL_ADDRESS: 'temporal.internal:7243' }) }, true, true);
    expect(text).toContain('nc -vz temporal.internal 7243');
    expect(text).toContain('--address, TEMPORAL_ADDRESS or --profile');
    expect(text).not.toMatch(/golive up/);
    expect(text).not.toContain('TLS');
    expect(told({ home, target: target({ TEMPORAL_ADDRESS: '[::1]:7', TEMPORAL_API_KEY: 'x' }) })).toMatch(
      /nc -vz ::1 7\n[^]*TLS is on/,
    );
  });

  test('of a server of its own that has run here: to start that one again, by its folder', () => {
    expect(told({ home, target: target({}) }, true)).toContain(
      "A server of golive's own has run in /srv/go live and doesn't run now. Start that one again, and everything goes on where it was: golive up --home '/srv/go live'",
    );
  });

  test('where nobody names one: to name it; only who begins something hears that there may be none yet', () => {
    const text = told({ home, target: target({}) });
    expect(text).toContain('Name the server that your go-lives are at');
    expect(text).not.toContain('first try');
    expect(told({ home, target: target({}) }, false, true)).toContain('first try on this machine? golive up');
  });

  test('on one line, for the doctor: no full stop or the like right behind a command', async () => {
    const advice = await serverAdvice({ home: homeAt('/nowhere/golive'), target: target({}) });
    expect(advice).toMatch(/GOLIVE_HOME\. There is none yet, and .* machine\? golive up$/);
    const other = await serverAdvice({ home, target: target({ TEMPORAL_ADDRESS: 'temporal.internal:7243' }) });
    expect(other).toMatch(/nc -vz temporal\.internal 7243 · Or is it another/);
  });

  test('of a golive up whose server hangs: its log', () => {
    const hangs = { home, log: '/srv/server.log', target: embeddedTarget({ address: 'a:1', namespace: 'default' }) };
    expect(told(hangs, true)).toContain('Look at its log: /srv/server.log');
  });

  test.each([{}, { TEMPORAL_ADDRESS: 'a:1' }])('what becomes of the go-lives, and what to do by hand: %j', (env) => {
    const text = told({ home, target: target(env) });
    expect(text).toContain('Go-lives keep their state at their server');
    expect(text).toContain('docs/break-glass.md');
  });
});

describe('every command that needs a server', () => {
  let folder: string;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golive-no-server-'));
    address = `127.0.0.1:${await freePort('127.0.0.1')}`;
    await writeFile(join(folder, 'golive.yaml'), '');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const WHO = ['--by', 'Ana', '--reason', 'x'];
  const EACH = [
    ['status', 'prod'],
    ['list'],
    ['abort', 'prod', ...WHO],
    ['decide', 'prod', '--choice', 'go', ...WHO],
    ['pause', 'prod', ...WHO],
    ['alert', 'prod', '--trigger', 'p1', '--state', 'firing'],
    ['start', 'prod', '--release', 'RC.3', '--previous', 'RC.2', '--owner', 'Ana'],
  ];
  // Side by side: each waits five seconds for a server.
  thorough('says so, and suggests no second one', async () => {
    const env = { PATH: process.env['PATH'], GOLIVE_HOME: folder, TEMPORAL_ADDRESS: address };
    for (const said of await Promise.all(EACH.map((args) => golive(args, env)))) {
      expect(said).toMatchObject({ exitCode: 3, stdout: '' });
      expect(said.stderr).toContain(
        `No Temporal server answered at ${address} (from TEMPORAL_ADDRESS; namespace "default")`,
      );
      expect(said.stderr).toContain('Nothing was sent.');
      expect(said.stderr).toContain('docs/break-glass.md');
      expect(said.stderr).not.toMatch(/Start a server|golive up/);
    }
  });
});

test('a home whose golive up has ended is never answered by whatever server is at the default address', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'golive-ended-'));
  try {
    const home = homeAt(folder);
    const server = { home, target: temporalTarget({}, { HOME: '/nowhere' }) };
    await expect(refuseAnother(server, {})).resolves.toBeUndefined();
    await writeFile(home.database, '');
    await expect(refuseAnother(server, {})).rejects.toThrow(
      /^No Temporal server is asked: the one of .* doesn't run, and no other one is named\. Nothing was sent\.\n {2}A server of golive's own has run/,
    );
    const looked = new LookAround('prod', 'go-live-prod', { home: folder });
    expect(await looked.look()).toMatchObject({
      kind: 'no server',
      why: expect.stringContaining('No Temporal server is asked'),
    });
    const named = { home, target: temporalTarget({ address: '127.0.0.1:1' }, { HOME: '/nowhere' }) };
    await expect(refuseAnother(named, {})).resolves.toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

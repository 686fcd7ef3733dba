import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectClient,
  connectWorker,
  embeddedTarget,
  temporalTarget,
  TemporalUnreachable,
} from '../../src/temporal/connection.js';
import { freePort } from '../../src/temporal/free-port.js';

let folder: string;
let configFile: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-connection-'));
  configFile = path.join(folder, 'temporal.toml');
  await writeFile(
    configFile,
    '[profile.prod]\naddress = "temporal.prod:7233"\nnamespace = "releases"\n[profile.prod.tls]\nserver_name = "temporal.prod"\n',
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('the target', () => {
  test.each(['foo bar', 'http://host:7233', 'host:port', 'host:0', 'host:65536', '::1', ':7233', 'a\u001b[2J:7233'])(
    'is never at %j, which is no address',
    (address) => {
      expect(() => temporalTarget({ address }, { HOME: folder })).toThrow(
        `"${address}" (from --address) can't be the address of a Temporal server. Write host:port, such as`,
      );
      expect(() => temporalTarget({}, { HOME: folder, TEMPORAL_ADDRESS: address })).toThrow('(from TEMPORAL_ADDRESS)');
    },
  );

  test.each(['localhost', '10.0.0.7:7233', '[::1]:7233', 'temporal_1.prod.example.com:443'])(
    'may be at %s',
    (address) => {
      expect(temporalTarget({ address }, { HOME: folder }).address).toBe(address);
    },
  );

  test('is a local server when nobody says anything', () => {
    expect(temporalTarget({}, { HOME: folder })).toMatchObject({
      address: 'localhost:7233',
      namespace: 'default',
      named: 'by nobody',
      origin: 'the default address, for nobody names another',
    });
    expect(temporalTarget({}, { HOME: folder, TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' })).toMatchObject({
      address: 'localhost:7233',
      namespace: 'default',
    });
  });

  test('comes from the profile, then the environment, then the command line', () => {
    const env = { TEMPORAL_CONFIG_FILE: configFile, TEMPORAL_PROFILE: 'prod' };
    expect(temporalTarget({}, env)).toMatchObject({
      address: 'temporal.prod:7233',
      namespace: 'releases',
      named: 'by somebody',
      origin: 'from the profile "prod"',
      options: { tls: { serverNameOverride: 'temporal.prod' } },
    });
    expect(temporalTarget({}, { ...env, TEMPORAL_ADDRESS: 'other:7233' })).toMatchObject({
      address: 'other:7233',
      namespace: 'releases',
      origin: 'from TEMPORAL_ADDRESS',
    });
    expect(temporalTarget({ namespace: 'mine' }, { ...env, TEMPORAL_NAMESPACE: 'theirs' })).toMatchObject({
      address: 'temporal.prod:7233',
      namespace: 'mine',
    });
    expect(temporalTarget({ address: 'a:1' }, { HOME: folder, TEMPORAL_API_KEY: 'secret' })).toMatchObject({
      options: { address: 'a:1', apiKey: 'secret', tls: true },
    });
  });

  test('that names an unknown profile is refused with what to do', () => {
    expect(() => temporalTarget({ profile: 'nowhere' }, { TEMPORAL_CONFIG_FILE: configFile })).toThrow(
      `The Temporal profile "nowhere" could not be loaded: Profile 'nowhere' not found in config data. Profiles are read from ${configFile}`,
    );
  });
});

describe('a server that is not there', () => {
  test('is named, with where its address came from, by client and worker', async () => {
    const address = `127.0.0.1:${await freePort('127.0.0.1')}`;
    const target = temporalTarget({ address, namespace: 'releases' }, { HOME: folder });
    for (const connect of [connectClient, connectWorker]) {
      const failure = await connect(target, 300).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(TemporalUnreachable);
      expect(String(failure)).toContain(
        `No Temporal server answered at ${address} (from --address; namespace "releases")`,
      );
    }
    await expect(connectClient(embeddedTarget({ address, namespace: 'default' }), 300)).rejects.toThrow(
      'where golive up runs its server',
    );
  });
});

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../../src/domain/time/duration.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

const Service = z.object({
  image: z.string().optional(),
  restart: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.unknown().optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) });

let text: string;
let services: z.infer<typeof Compose>['services'];

beforeAll(async () => {
  text = await readFile(path.join(root, 'docker-compose.yml'), 'utf8');
  services = Compose.parse(parse(text)).services;
});

describe('docker-compose.yml', () => {
  test('pins every image, and has none of the retired auto-setup one', () => {
    const images = Object.values(services).flatMap(({ image }) => image ?? []);
    expect(images.filter((image) => image !== 'golive-worker').every((image) => /:v?\d+\.\d+/.test(image))).toBe(true);
    expect(images.join()).not.toContain('auto-setup');
    expect(
      new Set(images.filter((image) => /server|admin-tools/.test(image)).map((image) => image.split(':')[1])).size,
    ).toBe(1);
  });

  test('starts things in order: database, schema, server, namespace, worker', () => {
    expect(services['temporal-schema']?.depends_on).toEqual({ postgresql: { condition: 'service_healthy' } });
    expect(services['temporal']?.depends_on).toEqual({
      'temporal-schema': { condition: 'service_completed_successfully' },
    });
    expect(services['temporal-namespace']?.depends_on).toEqual({ temporal: { condition: 'service_healthy' } });
    expect(services['worker']?.depends_on).toHaveProperty('temporal-namespace', {
      condition: 'service_completed_successfully',
    });
  });

  test('watches everything that keeps running and publishes nothing to the outside', () => {
    for (const { restart, healthcheck } of Object.values(services))
      expect(restart.startsWith('on-failure') || healthcheck !== undefined).toBe(true);
    const published = Object.entries(services).flatMap(([name, { ports }]) => ports.map((port) => [name, port]));
    // The one that asks for a login.
    expect(published.filter(([, port]) => !port?.startsWith('127.0.0.1:'))).toEqual([['ui-proxy', '8443:8443']]);
  });

  test('keeps the ledger and the database, gives commands time to end, and holds no secret', () => {
    expect(services['worker']?.volumes).toContain('ledger:/var/lib/golive');
    expect(services['worker']?.environment).toMatchObject({
      GOLIVE_HOME: '/var/lib/golive',
      GOLIVE_PLAYBOOK: '/etc/golive/golive.yaml',
    });
    expect(parseDuration(services['worker']?.stop_grace_period ?? '0s')).toBeGreaterThanOrEqual(parseDuration('20m'));
    expect(services['postgresql']?.volumes).toContain('database:/var/lib/postgresql/data');
    for (const { environment } of Object.values(services)) {
      for (const name of Object.keys(environment)) expect(name).not.toMatch(/(PASSWORD|PWD|TOKEN|KEY)$/);
    }
    expect(services['temporal-namespace']?.environment).toMatchObject({ RETENTION: '30d' });
  });

  test('takes alerts only when asked for, and only with a token from a file', () => {
    expect(services['receive']?.profiles).toEqual(['alerts', 'monitoring']);
    expect(services['receive']?.command).toEqual([
      'receive',
      '--listen',
      '0.0.0.0:9099',
      '--token-file',
      '/run/secrets/receive-token',
    ]);
    const others = Object.entries(services).filter(([name, { profiles }]) => name !== 'receive' && profiles.length > 0);
    expect(others.map(([name, { profiles }]) => `${name}: ${profiles.join()}`)).toEqual([
      'prometheus: monitoring',
      'alertmanager: monitoring',
      'ui-proxy: ui-login',
    ]);
  });

  test('is accepted by docker compose, where there is one', async () => {
    const present = await run('docker', ['compose', 'version']).then(
      () => true,
      () => false,
    );
    if (!present) return; // the other tests have read the file; only Compose itself knows every rule
    const { stderr } = await run(
      'docker',
      ['compose', '--file', path.join(root, 'docker-compose.yml'), 'config', '--quiet'],
      { cwd: root },
    );
    expect(stderr).toBe('');
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpJson } from '../../sandbox/http-json.js';
import type { BadWayInput } from '../../sandbox/bad-way.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { get, logIn, until, versions } from './fleet-probes.js';
import { freshDirectory } from './fresh-directory.js';
import { deployCommand, rollbackCommand, runCommand, type Finished } from './run-command.js';

const SMOKE = ['pytest', '-q', 'tests/smoke/test_go_live_validation.py'];
const INTEGRITY = ['python', 'scripts/post_go_live_integrity_check.py', '--strict', '--json'];

describe('a bad release shows from outside', () => {
  let sandbox: Sandbox;
  let environment: Record<string, string>;
  let offers = 0;
  beforeAll(async () => {
    sandbox = await startSandbox({
      dir: await freshDirectory(),
      instances: 8,
      traffic: 0,
      deployPaceMs: 0,
      scriptMs: 0,
      healthWaitMs: 200,
    });
    environment = { PYTHONPATH: '.', DATABASE_URL: sandbox.info.databaseUrl };
  });
  afterAll(() => sandbox.stop());

  /** Offers a release that is bad in one way and deploys its canary: one of the eight instances. */
  async function canary(...bad: BadWayInput[]): Promise<Finished & { release: string }> {
    const release = `BAD.${++offers}`;
    await sandbox.offer(release, bad);
    return { release, ...(await runCommand(sandbox, deployCommand(10))) };
  }
  const status = async (path: string): Promise<number> => (await get(`${sandbox.info.canaryUrl}${path}`)).status;
  const live = async (release: string): Promise<number> =>
    (await sandbox.slots()).slots.filter((slot) => slot.release === release).length;

  test('never-ready', async () => {
    expect((await canary({ way: 'never-ready' })).code).toBe(0);
    expect([await status('/health'), await status('/ready')]).toEqual([200, 503]);
  });

  test('unhealthy: the deploy fails, and the instance stays to be seen', async () => {
    const { code, stderr } = await canary({ way: 'unhealthy' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('/health never answered 200 (last: 500)')]);
    expect(await status('/health')).toBe(500);
  });

  test('unhealthy-later: healthy when deployed, then not', async () => {
    expect((await canary({ way: 'unhealthy-later', afterSeconds: 0.3 })).code).toBe(0);
    await until('the canary turns unhealthy', async () => (await status('/health')) === 500);
  });

  test('error-rate: an exact share of the API, and of no probe', async () => {
    await canary({ way: 'error-rate', share: 0.25 });
    const token = await logIn(sandbox, sandbox.info.canaryUrl);
    const statuses: number[] = [];
    for (let call = 0; call < 8; call += 1)
      statuses.push((await get(`${sandbox.info.canaryUrl}/aris3/stock`, token)).status);
    expect(statuses.filter((code) => code === 500)).toHaveLength(2);
    const metrics = (await get(`${sandbox.info.canaryUrl}/aris3/ops/metrics`)).body;
    expect(metrics).toContain('http_requests_total{method="GET",route="/aris3/stock",status="500"} 2.0');
  });

  test('slow: the histogram says so, in milliseconds', async () => {
    await canary({ way: 'slow', addMs: 300 });
    await get(`${sandbox.info.canaryUrl}/aris3/exports`, await logIn(sandbox, sandbox.info.canaryUrl));
    const metrics = (await get(`${sandbox.info.canaryUrl}/aris3/ops/metrics`)).body;
    expect(metrics).toContain(
      'http_request_duration_ms_bucket{le="250.0",method="GET",route="/aris3/exports",status="200"} 0.0',
    );
  });

  test('stock-drift: in the data and the metric, in no answer; it outlives the release until it is healed', async () => {
    expect((await runCommand(sandbox, INTEGRITY, environment)).code).toBe(0);
    const { release } = await canary({ way: 'stock-drift' });
    const { code, stdout } = await runCommand(sandbox, INTEGRITY, environment);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { results: [{ name: 'stock invariants', status: 'FAIL' }, {}, {}, {}, {}] },
    ]);
    await get(`${sandbox.info.canaryUrl}/aris3/stock`, await logIn(sandbox, sandbox.info.canaryUrl));
    expect((await get(`${sandbox.info.canaryUrl}/aris3/ops/metrics`)).body).toContain(
      'invariants_violation_total{check_id=',
    );
    await sandbox.setReleaseBad(release, []);
    expect((await runCommand(sandbox, INTEGRITY, environment)).code).toBe(0);
  });

  test('contract-drift: a field is gone or has another type', async () => {
    const stock = async (): Promise<{ totals: Record<string, unknown> }> => {
      const { body } = await get(`${sandbox.info.canaryUrl}/aris3/stock`, await logIn(sandbox, sandbox.info.canaryUrl));
      return body as { totals: Record<string, unknown> };
    };
    const { release } = await canary({ way: 'contract-drift' });
    expect((await stock()).totals).not.toHaveProperty('total_units');
    await sandbox.setReleaseBad(release, [{ way: 'contract-drift', change: 'retyped' }]);
    expect((await stock()).totals.total_units).toBe('32');
    await sandbox.setReleaseBad(release, []);
    expect((await stock()).totals.total_units).toBe(32);
  });

  test('failing-smoke: exit 1 and the test by its name; the previous checkout still passes', async () => {
    const test = 'test_go_live_transfer_lifecycle_happy_path';
    await sandbox.offer('BAD.SMOKE', [{ way: 'failing-smoke', test }]);
    const { code, stdout } = await runCommand(sandbox, SMOKE);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(`FAILED tests/smoke/test_go_live_validation.py::${test} - AssertionError`),
    ]);
    expect((await runCommand(sandbox, SMOKE, {}, sandbox.info.previousCheckout)).code).toBe(0);
    expect((await runCommand(sandbox, ['python', 'scripts/go_live_checklist.py'], environment)).code).toBe(0);
    await sandbox.setReleaseBad('BAD.SMOKE', [{ way: 'failing-smoke', test, inChecklist: true }]);
    expect((await runCommand(sandbox, ['python', 'scripts/go_live_checklist.py'], environment)).code).toBe(1);
  });

  test.each([
    ['crash', 3, undefined],
    ['no-tests', 5, 'tests="0"'],
    ['half-report', 0, 'tests="5"'],
    ['collection', 2, '<error message="collection failure">'],
  ] as const)(
    'smoke-crashes=%s: exit %i, as often as it says, and not in the previous checkout',
    async (how, exitCode, written) => {
      const release = `BAD.${how.toUpperCase()}`;
      const report = join(sandbox.info.dir, `${release}.xml`);
      await sandbox.offer(release, [{ way: 'smoke-crashes', how, times: 1 }]);
      expect((await runCommand(sandbox, SMOKE, { PYTEST_ADDOPTS: `--junitxml=${report}` })).code).toBe(exitCode);
      expect(existsSync(report) ? readFileSync(report, 'utf8') : '').toContain(written ?? '');
      expect(existsSync(report)).toBe(written !== undefined);
      expect((await runCommand(sandbox, SMOKE)).code).toBe(0);
      expect((await runCommand(sandbox, SMOKE, {}, sandbox.info.previousCheckout)).code).toBe(0);
    },
  );

  test('deploy-fails at its batch only: exit 1 half way', async () => {
    const { code, release } = await canary({ way: 'deploy-fails', batch: 100 });
    expect([code, await live(release)]).toEqual([0, 1]);
    expect((await runCommand(sandbox, deployCommand(100))).code).toBe(1);
    expect(await live(release)).toBe(5);
  });

  test('deploy-lies: exit 0, the usual words, and nothing replaced', async () => {
    const { code, stdout, release } = await canary({ way: 'deploy-lies' });
    expect([code, stdout]).toEqual([0, expect.stringContaining('done')]);
    expect(await live(release)).toBe(0);
  });

  test('rollback-fails: as often as it says, then it works', async () => {
    await canary({ way: 'rollback-fails', times: 2 });
    const codes: (number | null)[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      codes.push((await runCommand(sandbox, rollbackCommand('RC.2'))).code);
    expect(codes).toEqual([1, 1, 0]);
    expect(await versions(sandbox.info.url, 8)).toEqual({ 'RC.2': 8 });
  });

  test('one instance can be turned at run time: one of eight probes sees it', async () => {
    await sandbox.setSlotBad(4, [{ way: 'unhealthy' }]);
    await until('the instance is turned', async () => !((await sandbox.fleet()).instances[4]?.ready ?? true));
    const seen: number[] = [];
    for (let probe = 0; probe < 8; probe += 1) seen.push((await get(`${sandbox.info.url}/health`)).status);
    expect(seen.filter((code) => code === 500)).toHaveLength(1);
    await sandbox.setSlotBad(4, null);
    await until('the instance is itself again', async () => (await sandbox.fleet()).instances[4]?.ready ?? false);
  });

  test('the agent refuses what it does not know, and says what it expected', async () => {
    await expect(sandbox.setReleaseBad('RC.99', [])).rejects.toThrow('no release "RC.99"');
    await expect(sandbox.offer('RC 9')).rejects.toThrow('a release is letters, digits');
    const wrong = await httpJson(`${sandbox.info.adminUrl}/offer`, {
      method: 'POST',
      body: { release: 'RC.9', bad: [{ way: 'explodes' }] },
    });
    expect(wrong.status).toBe(400);
  });
});

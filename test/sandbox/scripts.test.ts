import { beforeAll, describe, expect, test } from '@jest/globals';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillReport } from '../../sandbox/data/backup.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { freshDirectory } from './fresh-directory.js';
import { runCommand, type Finished } from './run-command.js';

describe("the checkout's scripts, with the whole fleet down", () => {
  let sandbox: Sandbox;
  let environment: Record<string, string>;
  beforeAll(async () => {
    sandbox = await startSandbox({ dir: await freshDirectory(), instances: 8, traffic: 0, scriptMs: 0 });
    await sandbox.stop();
    environment = {
      PYTHONPATH: '.',
      DATABASE_URL: sandbox.info.databaseUrl,
      OPS_ARTIFACTS_DIR: sandbox.info.artifacts,
    };
  });

  const python = (script: string, args: string[], env = environment): Promise<Finished> =>
    runCommand(sandbox, ['python', `scripts/${script}.py`, ...args], env);
  const backup = async (name: string): Promise<string> =>
    (await python('ops/backup_create', ['--name', name])).stdout.trim();
  const gitStatus = async (): Promise<string> => (await runCommand(sandbox, ['git', 'status', '--short'])).stdout;

  describe('checklist', () => {
    test('six rows, then the result', async () => {
      const { code, stdout } = await python('go_live_checklist', []);
      const rows = stdout.split('\n').filter((line) => / PASS +\d/.test(line));
      expect([code, rows.map((row) => row.split(' ', 1)[0])]).toEqual([
        0,
        [
          'git:working-tree-clean',
          'migrations:single-head',
          'migrations:upgrade-head',
          'release-gate:day6',
          'smoke:go-live-day7',
          'health:ready-endpoints',
        ],
      ]);
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('Go-live checklist result: PASS');
    });

    test('a dry run needs no environment and runs nothing', async () => {
      const { code, stdout } = await python('go_live_checklist', ['--dry-run'], {});
      expect([code, stdout.match(/DRY-RUN/g)?.length]).toEqual([0, 7]);
      expect(stdout).toContain('DRY-RUN          0.00 pytest -q tests/smoke/test_go_live_validation.py');
    });

    test('a dirty tree fails with detail ok, and stops there', async () => {
      const stray = join(sandbox.info.checkout, 'stray.txt');
      writeFileSync(stray, '');
      const { code, stdout } = await python('go_live_checklist', []);
      rmSync(stray);
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(
          /git:working-tree-clean +FAIL +\d\.\d\d ok\n=+\nGo-live checklist result: FAIL \(1 blocker\(s\)\)\n$/,
        ),
      ]);
    });

    test('without a database it could not run: a traceback and no result line', async () => {
      const { code, stdout, stderr } = await python('go_live_checklist', [], {});
      expect([code, stdout, stderr.split('\n', 1)[0]]).toEqual([1, '', 'Traceback (most recent call last):']);
    });

    test('it upgrades the database that DATABASE_URL names', async () => {
      const path = join(sandbox.info.dir, 'old.json');
      writeFileSync(
        path,
        readFileSync(join(sandbox.info.dir, 'database.json'), 'utf8').replace(
          '0037_s12_reports_cost_snapshot',
          '0036_s11_exports',
        ),
      );
      expect((await python('go_live_checklist', [], { ...environment, DATABASE_URL: `file://${path}` })).code).toBe(0);
      expect(readFileSync(path, 'utf8')).toContain('0037_s12_reports_cost_snapshot');
    });
  });

  describe('backup', () => {
    test('prints its manifest, which is valid, and keeps the tree clean when artifacts lie elsewhere', async () => {
      const manifest = await backup('clean');
      expect(manifest).toBe(join(sandbox.info.artifacts, 'clean', 'manifest.json'));
      expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({
        schema_rev: '0037_s12_reports_cost_snapshot',
        row_counts: { stock_items: 41, audit_events: 43 },
      });
      expect(await python('ops/backup_manifest_validate', [manifest])).toEqual({
        code: 0,
        stdout: 'manifest valid\n',
        stderr: '',
      });
      expect(await gitStatus()).toBe('');
    });

    test('into the checkout: a relative path, and a dirty tree', async () => {
      const { stdout } = await python('ops/backup_create', ['--name', 'inside'], {
        ...environment,
        OPS_ARTIFACTS_DIR: '',
      });
      expect([stdout, await gitStatus()]).toEqual(['artifacts/inside/manifest.json\n', '?? artifacts/\n']);
      rmSync(join(sandbox.info.checkout, 'artifacts'), { recursive: true });
    });

    test('a changed file is a checksum mismatch, on stderr', async () => {
      const manifest = await backup('changed');
      appendFileSync(manifest.replace('manifest.json', 'stock_items.jsonl'), '{}\n');
      const { code, stdout, stderr } = await python('ops/backup_manifest_validate', [manifest]);
      expect([code, stdout, stderr]).toEqual([1, '', "manifest invalid: ['checksum_mismatch:stock_items.jsonl']\n"]);
    });

    test('the same name overwrites silently', async () => {
      const manifest = await backup('again');
      writeFileSync(manifest, 'not a manifest');
      expect(await backup('again')).toBe(manifest);
      expect((await python('ops/backup_manifest_validate', [manifest])).code).toBe(0);
    });

    test('without PYTHONPATH a traceback; without the database an error and half a folder', async () => {
      expect(
        (await python('ops/backup_create', ['--name', 'x'], { DATABASE_URL: sandbox.info.databaseUrl })).stderr,
      ).toContain("No module named 'app'");
      const { code, stdout, stderr } = await python('ops/backup_create', ['--name', 'half'], {
        ...environment,
        DATABASE_URL: 'file:///nowhere/at/all.json',
      });
      expect([code, stdout, stderr]).toEqual([
        1,
        '',
        expect.stringContaining('backup failed: sqlalchemy.exc.OperationalError'),
      ]);
      expect([
        existsSync(join(sandbox.info.artifacts, 'half', 'tenants.jsonl')),
        existsSync(join(sandbox.info.artifacts, 'half', 'manifest.json')),
      ]).toEqual([true, false]);
    });
  });

  describe('restore drill exits 0 whatever it finds', () => {
    const drill = async (manifest: string): Promise<DrillReport> => {
      const { code, stdout } = await python('ops/backup_restore_verify', [manifest]);
      expect(code).toBe(0);
      return JSON.parse(readFileSync(stdout.trim(), 'utf8')) as DrillReport;
    };

    test('PASS when the rows are all there', async () => {
      expect(await drill(await backup('drill'))).toMatchObject({
        status: 'PASS',
        row_counts_match: true,
        row_counts: { stock_items: { expected: 41, actual: 41 } },
      });
    });

    test('FAIL when some are missing, and when there is no backup', async () => {
      const manifest = await backup('short');
      writeFileSync(manifest.replace('manifest.json', 'stock_items.jsonl'), '');
      expect(await drill(manifest)).toMatchObject({
        status: 'FAIL',
        row_counts: { stock_items: { expected: 41, actual: 0 } },
      });
      expect(await drill('nowhere/manifest.json')).toMatchObject({ status: 'FAIL' });
    });
  });

  describe('smoke', () => {
    const smoke = (env: Record<string, string> = {}, ...args: string[]): Promise<Finished> =>
      runCommand(sandbox, ['pytest', '-q', 'tests/smoke/test_go_live_validation.py', ...args], env);

    test('passes although no instance runs, without a "passed" line, and writes JUnit when asked', async () => {
      const junit = join(sandbox.info.dir, 'reports', 'smoke.xml');
      const { code, stdout } = await smoke({ PYTEST_ADDOPTS: `--junitxml=${junit}` });
      expect([code, stdout.trimEnd()]).toEqual([0, `${'.....'.padEnd(72)} [100%]`]);
      const xml = readFileSync(junit, 'utf8');
      expect(xml).toContain('failures="0" skipped="0" tests="5"');
      expect(
        xml.match(/<testcase classname="tests\.smoke\.test_go_live_validation" name="test_go_live_/g),
      ).toHaveLength(5);
    });

    test('5 when nothing was collected, 4 without the file', async () => {
      expect((await smoke({}, '-k', 'nothing_of_that_name')).code).toBe(5);
      expect((await runCommand(sandbox, ['pytest', '-q', 'tests/nowhere.py'])).code).toBe(4);
    });
  });

  test('integrity: JSON when configured, a traceback and no JSON when not', async () => {
    const { code, stdout } = await python('post_go_live_integrity_check', ['--strict', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        strict: true,
        results: [
          { name: 'stock invariants', status: 'PASS', details: 'checked_groups=7, no frozen-rule drift' },
          {},
          {},
          {},
          {},
        ],
      },
    ]);
    const environments: Record<string, string>[] = [
      {},
      { PYTHONPATH: '.' },
      { PYTHONPATH: '.', DATABASE_URL: 'postgresql://nowhere/aris3' },
    ];
    for (const env of environments) {
      const misconfigured = await python('post_go_live_integrity_check', ['--strict', '--json'], env);
      expect([misconfigured.code, misconfigured.stdout, misconfigured.stderr]).toEqual([
        1,
        '',
        expect.stringContaining('Traceback'),
      ]);
    }
  });

  test('deploy.sh says that no agent is there, and journals the attempt', async () => {
    const { code, stderr } = await runCommand(sandbox, [
      './deploy.sh',
      '--env',
      'prod',
      '--strategy',
      'canary',
      '--batch',
      '10',
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('deploy.sh: expected a running fleet agent')]);
    expect(sandbox.journal().map((entry) => entry.event)).toEqual(['start', 'end']);
  });

  test('the stand-ins say what they are when asked for something else', async () => {
    expect(await runCommand(sandbox, ['python', '-c', 'print(1)'])).toMatchObject({ code: 2 });
    mkdirSync(join(sandbox.info.dir, 'elsewhere'), { recursive: true });
    writeFileSync(join(sandbox.info.dir, 'elsewhere', 'other.py'), 'print(1)\n');
    expect((await runCommand(sandbox, ['python', join(sandbox.info.dir, 'elsewhere', 'other.py')])).stderr).toContain(
      "sandbox's stand-in for python",
    );
  });
});

import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databasePath, readDataSet, writeDataSet } from '../data/data-set.js';
import { SMOKE_TESTS } from '../smoke-test-names.js';
import { brokenTests, releaseOf } from './checkout-release.js';
import { integrityResults } from './integrity.js';
import { messageOf } from './python-environment.js';
import { print, takeTime, traceback, type Script } from './script.js';
import { runSmoke, withService } from './smoke-tests.js';

interface Outcome {
  pass: boolean;
  detail: string;
}
interface Check {
  name: string;
  /** What a dry run shows in place of running it. */
  command: string;
  run: (root: string) => Promise<Outcome>;
}

/** The migrations that no other one follows. */
function heads(root: string): string[] {
  const folder = join(root, 'migrations', 'versions');
  const all = readdirSync(folder).map(
    (file) =>
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as { revision: string; down_revision: string | null },
  );
  return all
    .map((migration) => migration.revision)
    .filter((revision) => !all.some((migration) => migration.down_revision === revision));
}

const CHECKS: Check[] = [
  {
    name: 'git:working-tree-clean',
    command:
      "python -c import subprocess,sys; out=subprocess.check_output(['git','status','--porcelain'], text=True).strip(); sys.exit(1) if out else print('clean')",
    run: async (root) => {
      const { stdout } = await promisify(execFile)('git', ['status', '--porcelain'], { cwd: root });
      // The real one says "ok" of a dirty tree: the status is what counts.
      return stdout.trim() === '' ? { pass: true, detail: 'clean' } : { pass: false, detail: 'ok' };
    },
  },
  {
    name: 'migrations:single-head',
    command:
      "python -c import subprocess,sys; heads=[l for l in subprocess.check_output(['alembic','heads'], text=True).splitlines() if l.strip()]; sys.exit(1) if len(heads)!=1 else print(heads[0])",
    run: (root) => {
      const [head, ...others] = heads(root);
      return Promise.resolve({
        pass: head !== undefined && others.length === 0,
        detail: head !== undefined && others.length === 0 ? `${head} (head)` : 'ok',
      });
    },
  },
  {
    name: 'migrations:upgrade-head',
    command: 'alembic upgrade head',
    // A trap: it really upgrades the database that DATABASE_URL names.
    run: (root) => {
      const path = databasePath(process.env.DATABASE_URL ?? '');
      const data = readDataSet(path);
      const head = heads(root)[0] ?? data.schema_rev;
      if (data.schema_rev !== head) writeDataSet(path, { ...data, schema_rev: head });
      return Promise.resolve({
        pass: true,
        detail: 'INFO  [alembic.runtime.migration] Will assume non-transactional DDL.',
      });
    },
  },
  {
    name: 'release-gate:day6',
    command: 'python scripts/release_readiness_gate.py --pytest-target tests/smoke/test_post_merge_readiness.py',
    run: () => {
      const failures = integrityResults(readDataSet(databasePath(process.env.DATABASE_URL ?? ''))).filter(
        (result) => result.status === 'FAIL',
      );
      const pass = failures.length === 0;
      return Promise.resolve({
        pass,
        detail: pass
          ? 'Gate result: PASS_WITH_WARNINGS (1 warning(s))'
          : `Gate result: FAIL (${failures.length} failure(s))`,
      });
    },
  },
  {
    name: 'smoke:go-live-day7',
    command: 'pytest -q tests/smoke/test_go_live_validation.py',
    run: async (root) => {
      const failed = (await runSmoke(releaseOf(root), SMOKE_TESTS, brokenTests(root, { inChecklist: true }))).filter(
        (result) => result.failure !== null,
      );
      const docs = '-- Docs: https://docs.pytest.org/en/stable/how-to/capture-warnings.html';
      return {
        pass: failed.length === 0,
        detail: failed.length === 0 ? docs : `FAILED tests/smoke/test_go_live_validation.py::${failed[0]?.name}`,
      };
    },
  },
  {
    name: 'health:ready-endpoints',
    command:
      "python -c from fastapi.testclient import TestClient; from app.main import create_app; app=create_app(); c=TestClient(app); h=c.get('/health').status_code; r=c.get('/ready').status_code; print(f'health={h}, ready={r}'); raise SystemExit(0 if h==200 and r==200 else 1)",
    run: (root) =>
      withService(releaseOf(root), async ({ get }) => {
        const [health, ready] = [(await get('/health')).status, (await get('/ready')).status];
        return { pass: health === 200 && ready === 200, detail: `health=${health}, ready=${ready}` };
      }),
  },
];

const row = (name: string, status: string, elapsed: string, detail: string): string =>
  `${name.padEnd(44)} ${status.padEnd(10)} ${elapsed.padStart(10)} ${detail}`;

function printTable(rows: string[], result: string): void {
  const rule = (mark: string): string => mark.repeat(108);
  print(
    [
      '',
      'Go-Live Checklist Summary',
      rule('='),
      row('CHECK', 'STATUS', 'ELAPSED(s)', 'DETAIL'),
      rule('-'),
      ...rows,
      rule('='),
      `Go-live checklist result: ${result}`,
    ].join('\n'),
  );
}

/** scripts/go_live_checklist.py [--dry-run]: silent to the end, stops at the first FAIL; a traceback without a result line when it couldn't run. */
export const checklist: Script = async ({ root, args }) => {
  if (args.includes('--dry-run')) {
    printTable(
      CHECKS.map((check) => row(check.name, 'DRY-RUN', '0.00', check.command)),
      'DRY-RUN',
    );
    return 0;
  }
  const rows: string[] = [];
  for (const check of CHECKS) {
    const begunMs = performance.now();
    let outcome: Outcome;
    try {
      await takeTime(root, 1 / CHECKS.length);
      outcome = await check.run(root);
    } catch (error) {
      return traceback(messageOf(error));
    }
    rows.push(
      row(
        check.name,
        outcome.pass ? 'PASS' : 'FAIL',
        ((performance.now() - begunMs) / 1_000).toFixed(2),
        outcome.detail,
      ),
    );
    if (!outcome.pass) {
      printTable(rows, 'FAIL (1 blocker(s))');
      return 1;
    }
  }
  printTable(rows, 'PASS');
  return 0;
};

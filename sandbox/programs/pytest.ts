// The sandbox's stand-in for pytest: runs the five smoke tests of the sandbox's checkout, in process.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { SMOKE_TESTS } from '../smoke-test-names.js';
import { brokenTests, releaseOf } from './checkout-release.js';
import { checkoutRoot } from './checkout-root.js';
import { junitXml } from './junit-xml.js';
import { complain, optionValue, print, takeTime } from './script.js';
import { runSmoke } from './smoke-tests.js';

// pytest's own exit codes.
const [PASSED, FAILED, USAGE_ERROR, NOTHING_COLLECTED] = [0, 1, 4, 5];

async function main(argv: string[]): Promise<number> {
  const args = [...argv, ...(process.env.PYTEST_ADDOPTS ?? '').split(/\s+/).filter((option) => option !== '')];
  const target = args.find((argument) => argument.endsWith('.py'));
  if (target === undefined || !existsSync(target)) {
    complain(`ERROR: file or directory not found: ${target ?? '(none given)'}\n`);
    return USAGE_ERROR;
  }
  const path = resolve(target);
  const root = checkoutRoot(path);
  const written = [...readFileSync(path, 'utf8').matchAll(/^def (test_\w+)/gm)].map((match) => match[1]);
  const keyword = optionValue(args, '-k') ?? '';
  const names = SMOKE_TESTS.filter((name) => written.includes(name) && name.includes(keyword));
  const results = await runSmoke(releaseOf(root), names, brokenTests(root, { inChecklist: false }));
  await takeTime(root);
  const junit = optionValue(args, '--junitxml');
  if (junit !== undefined) {
    mkdirSync(dirname(resolve(junit)), { recursive: true });
    writeFileSync(resolve(junit), junitXml('tests.smoke.test_go_live_validation', results, hostname()));
  }
  if (names.length === 0) return NOTHING_COLLECTED;
  // With -q twice (the project's settings have one already) there is no "passed" line: a trap.
  print(`${results.map((result) => (result.failure === null ? '.' : 'F')).join('').padEnd(72)} [100%]`);
  const failed = results.filter((result) => result.failure !== null);
  if (failed.length === 0) return PASSED;
  print('=================================== FAILURES ===================================');
  for (const { name, failure } of failed) print(`${` ${name} `.padStart(50, '_').padEnd(80, '_')}\nE       ${failure}`);
  print('=========================== short test summary info ============================');
  for (const { name, failure } of failed) print(`FAILED ${target}::${name} - ${failure}`);
  return FAILED;
}

process.exitCode = await main(process.argv.slice(2));

// The sandbox's stand-in for pytest: runs the five smoke tests of the sandbox's checkout, in process.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { SMOKE_TESTS } from '../smoke-test-names.js';
import { brokenTests, crashNow, releaseOf } from './checkout-release.js';
import { checkoutRoot } from './checkout-root.js';
import { collectionErrorXml, junitXml } from './junit-xml.js';
import { complain, optionValue, print, takeTime, traceback } from './script.js';
import { runSmoke } from './smoke-tests.js';

// pytest's own exit codes.
const [PASSED, FAILED, INTERRUPTED, INTERNAL_ERROR, USAGE_ERROR, NOTHING_COLLECTED] = [0, 1, 2, 3, 4, 5];
const MODULE = 'tests.smoke.test_go_live_validation';

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
  const crash = crashNow(root);
  const junit = optionValue(args, '--junitxml');
  const report = (xml: string): void => {
    if (junit === undefined) return;
    mkdirSync(dirname(resolve(junit)), { recursive: true });
    writeFileSync(resolve(junit), xml);
  };
  if (crash === 'crash') {
    traceback('MemoryError');
    return INTERNAL_ERROR;
  }
  if (crash === 'hang') await new Promise((never) => setInterval(never, 2 ** 30, undefined));
  if (crash === 'collection') {
    const error = "E   ModuleNotFoundError: No module named 'httpx'";
    report(collectionErrorXml(MODULE, `ImportError while importing test module '${path}'.\n${error}`, hostname()));
    print(
      `==================================== ERRORS ====================================\n${error}\nERROR ${target}`,
    );
    return INTERRUPTED;
  }
  const names =
    crash === 'no-tests' ? [] : SMOKE_TESTS.filter((name) => written.includes(name) && name.includes(keyword));
  const results = await runSmoke(releaseOf(root), names, brokenTests(root, { inChecklist: false }));
  await takeTime(root);
  const xml = junitXml(MODULE, results, hostname());
  report(crash === 'half-report' ? xml.slice(0, xml.length / 2) : xml);
  if (names.length === 0) return NOTHING_COLLECTED;
  // With -q twice (the project's settings have one already) there is no "passed" line: a trap.
  print(
    `${results
      .map((result) => (result.failure === null ? '.' : 'F'))
      .join('')
      .padEnd(72)} [100%]`,
  );
  const failed = results.filter((result) => result.failure !== null);
  if (failed.length === 0) return PASSED;
  print('=================================== FAILURES ===================================');
  for (const { name, failure } of failed) print(`${` ${name} `.padStart(50, '_').padEnd(80, '_')}\nE       ${failure}`);
  print('=========================== short test summary info ============================');
  for (const { name, failure } of failed) print(`FAILED ${target}::${name} - ${failure}`);
  return FAILED;
}

process.exitCode = await main(process.argv.slice(2));

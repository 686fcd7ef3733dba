// The long form of the tests: what is too long for every change, and worth a night. One step after another, each with a limit, and a summary.
//   npm run campaign                    all steps
//   npm run campaign -- tests demo      some of them, by name
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundedRun } from './bounded-run.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const logs = path.join(root, '.golive/campaign');

/** What is set already stays: GOLIVE_RUNS=1000 npm run campaign. */
const long = (env) =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, process.env[name] ?? value]));

const STEPS = {
  tests: {
    what: 'all combinations, 300 cases of each property, 17 runs of each kind with kills (306 of the worker), three days, Prometheus at length',
    minutes: 240,
    command: ['npm', 'test'],
    env: long({ GOLIVE_CAMPAIGN: '1', GOLIVE_RUNS: '300', GOLIVE_KILL_RUNS: '17', GOLIVE_KILLS: '300' }),
    told: /^(?:Tests|Test Suites): .*$/gm,
  },
  demo: {
    what: 'the whole playbook in front of your eyes: good and bad releases, kills',
    minutes: 20,
    command: ['npm', 'run', '--silent', 'demo'],
    told: /^.* (?:completed|rolled-back) +\d+ .*$/gm,
  },
  bench: {
    what: 'what golive itself takes, beside a bare twin',
    minutes: 60,
    command: ['npm', 'run', '--silent', 'bench'],
    told: /^(?:abort sent|third 503|the whole run|.* could not be measured).*$/gm,
  },
  mutants: {
    what: 'Stryker: each rule of src/domain broken in every small way, and which the tests of src/domain do not see',
    minutes: 600,
    command: ['npx', 'stryker', 'run'],
    env: long({ GOLIVE_RUNS: '20' }),
    told: /^All files .*$|^.*Final mutation score.*$/gm,
  },
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`No step "${unknown.join('", "')}". The steps are: ${Object.keys(STEPS).join(', ')}.`);
  process.exit(2);
}

mkdirSync(logs, { recursive: true });
const summary = [];
let failed = false;
/** Ctrl-C ends the step that runs (bounded-run.js), and no other begins. */
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (stopped = true));
for (const name of names.length > 0 ? names : Object.keys(STEPS)) {
  if (stopped) break;
  const { what, minutes, command, env, told } = STEPS[name];
  const log = path.join(logs, `${name}.log`);
  console.log(`${name}: ${what} (at most ${minutes} min; ${path.relative(root, log)})`);
  const from = Date.now();
  const status = await boundedRun(command, { minutes, log, env });
  failed ||= status !== 0;
  const took = Math.round((Date.now() - from) / 6_000) / 10;
  const lines = readFileSync(log, 'utf8').match(told) ?? [];
  summary.push(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name}, ${took} min${status === 0 ? '' : `, exit ${status}, see ${path.relative(root, log)}`}`,
    ...lines.map((line) => `         ${line.trim()}`),
  );
}
console.log(`\nCampaign:\n${summary.join('\n')}`);
process.exit(failed ? 1 : 0);

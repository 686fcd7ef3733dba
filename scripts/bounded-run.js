// Runs a command with a limit. At the limit it prints what was going on, ends every process of the run, and fails.
//   node scripts/bounded-run.js --minutes 40 --log FILE -- COMMAND [ARGUMENT...]
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asLines, endAll, processesOf } from './processes-of.js';

/** As timeout(1) has it. */
const AT_LIMIT = 124;
const TERM_GRACE_MS = 5_000;
/** So long what a run has started may take to go when the run is over. */
const AFTERWARDS_MS = 3_000;

/**
 * @param {readonly string[]} command
 * @param {{ minutes: number, log: string, show?: boolean, env?: Record<string, string> }} how
 * @returns {Promise<number>} the command's exit status; 124 when it was ended at its limit
 */
export async function boundedRun([file, ...args], { minutes, log, show = false, env = {} }) {
  if (!(minutes > 0)) throw new Error(`A limit is a number of minutes, such as 40, not "${minutes}".`);
  // Every process of the run is known by this folder (see processes-of.js).
  const folder = mkdtempSync(path.join(tmpdir(), 'golive-run-'));
  const runningTests = path.join(folder, 'running-tests.json');
  const written = createWriteStream(log);
  const say = (text) => {
    written.write(text);
    if (show) process.stdout.write(text);
  };
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, GOLIVE_RUNNING_TESTS: runningTests, ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', say);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 127, why: error.message }));
    // Not "close": a process that is left may hold the output open.
    child.once('exit', (code, signal) => resolve({ status: code ?? 1, why: signal && `ended by ${signal}` }));
  });
  const stop = new AbortController();
  const told = (signal) => stop.abort(signal);
  const stopped = new Promise(
    (resolve) => (stop.signal.onabort = () => resolve(`told to stop (${stop.signal.reason})`)),
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, told);
  const over = new AbortController();
  const limit = pause(minutes * 60_000, `not over after ${minutes} min`, { signal: over.signal }).catch(
    () => undefined,
  );
  const outcome = await Promise.race([ended, limit, stopped]);
  over.abort();
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, told);

  const left = () => processesOf(folder);
  const cut = typeof outcome === 'string';
  if (cut) say(`\n${[file, ...args].join(' ')}: ${outcome}.\n${whatRan(runningTests)}`);
  else if (outcome.why) say(`${[file, ...args].join(' ')}: ${outcome.why}\n`);
  else for (let waited = 0; left().length > 0 && waited < AFTERWARDS_MS; waited += 100) await pause(100);
  const rows = left();
  if (rows.length > 0) say(`Processes ${cut ? 'that ran' : 'left behind'}, ended now:\n${asLines(rows).join('\n')}\n`);
  const undead = await endAll(left, TERM_GRACE_MS);
  if (undead.length > 0) say(`Not even KILL ended:\n${asLines(undead).join('\n')}\n`);
  if (cut) say(resultsSoFar(runningTests));
  await new Promise((resolve) => written.end(resolve));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return cut ? AT_LIMIT : outcome.status;
}

/** What test/jest/running-tests.ts has noted, if it came to that. */
function noted(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function whatRan(file) {
  const running = Object.entries(noted(file)?.running ?? {});
  if (running.length === 0) return 'No test file was running.\n';
  const lines = running.map(([name, since]) => `  ${name}, for ${Math.round((Date.now() - since) / 1000)} s\n`);
  return `Test files that were running:\n${lines.join('')}`;
}

/** In the form of jest's summary, which jest itself doesn't print when it is ended. A file that was running has failed. */
function resultsSoFar(file) {
  const { passed, failed, skipped, running } = noted(file) ?? { passed: 0, failed: 0, skipped: 0, running: { all: 0 } };
  const all = failed + Math.max(1, Object.keys(running).length);
  return `Tests:       ${all} failed, ${skipped > 0 ? `${skipped} skipped, ` : ''}${passed} passed, when it was ended\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    options: { minutes: { type: 'string' }, log: { type: 'string' } },
    allowPositionals: true,
  });
  // Ends also when a process that could not be ended holds the output open.
  process.exit(await boundedRun(positionals, { minutes: Number(values.minutes), log: values.log, show: true }));
}

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let folder: string;
let child: ChildProcess;
let lines: AsyncIterableIterator<string>;
let said: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-stop-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A process that runs these lines while all of its threads wait to open a pipe: `process.exit` alone would wait for them. */
function runBlocked(...source: string[]): void {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const blocked = [
    `import { readFile } from 'node:fs';`,
    `for (let thread = 0; thread < 4; thread += 1) readFile(${JSON.stringify(pipe)}, () => {});`,
    `process.on('exit', (code) => console.log('exit', code));`,
  ];
  child = spawn(process.execPath, ['--input-type=module', '-e', [...blocked, ...source].join('\n')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  if (child.stdout) lines = createInterface(child.stdout)[Symbol.asyncIterator]();
}

const line = async (): Promise<unknown> => (await lines.next()).value;
const module = (name: string) => JSON.stringify(new URL(`../../../src/cli/exit/${name}.js`, import.meta.url).href);

test('the first signal asks, the second one ends, whatever still hangs', async () => {
  runBlocked(
    `import { stopAsked } from ${module('stop-asked')};`,
    `const stop = stopAsked('Cut off.');`,
    `stop.started();`,
    `console.log('up');`,
    `console.log('asked', await stop.once);`,
  );
  const exited = once(child, 'close');
  expect(await line()).toBe('up');
  child.kill('SIGTERM');
  expect(await line()).toBe('asked SIGTERM');
  child.kill('SIGINT');
  expect(await line()).toBe('exit 130');
  expect(await exited).toEqual([null, 'SIGINT']);
  expect(said).toBe('Forced, by SIGINT. Cut off.\n');
});

test('Ctrl-C ends what only waits, whatever still hangs', async () => {
  runBlocked(
    `import { onInterrupt } from ${module('interrupt')};`,
    `onInterrupt(() => console.log('not waiting'));`,
    `console.log('up');`,
  );
  const exited = once(child, 'close');
  expect(await line()).toBe('up');
  child.kill('SIGINT');
  expect([await line(), await line()]).toEqual(['not waiting', 'exit 130']);
  expect(await exited).toEqual([null, 'SIGINT']);
});

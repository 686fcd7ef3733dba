import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rename, rm, writeFile, copyFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Journal } from '../../src/journals/journal.js';
import { readJournals } from '../../src/journals/read-journals.js';
import { lastSeen } from '../../src/journals/tail.js';
import { fill, withSmallDisk } from '../support/small-disk.js';

let folder: string;
let failures: unknown[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-journal-'));
  failures = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const newJournal = (at = folder, name = 'seen', pid = process.pid) =>
  new Journal({
    base: at,
    folder: join(at, 'run'),
    name,
    header: {
      schema: 1,
      workflowId: 'go-live-prod',
      runId: 'run',
      writer: { host: 'host', pid, golive: '0', build: '0', node: '0' },
    },
    failing: (error) => failures.push(error),
  });
const said = (text: string | number) =>
  JSON.stringify({ kind: 'version', at: '2026-11-27T00:00:00.000Z', of: '1', target: 'service', text: `${text}` });
const read = async (at = folder) => {
  const { journals, faults } = await readJournals(join(at, 'run'));
  const records = journals.flatMap(({ records }) => records);
  return {
    texts: records.flatMap((each) => (each.kind === 'version' ? [each.text] : [])),
    lost: records.flatMap((each) => (each.kind === 'lost' ? [each] : [])),
    faults: faults.map(({ kind, text }) => `${kind}: ${text}`),
  };
};

test('what matters is sealed on the disk by itself, the rest a moment later, in the order it was added', async () => {
  const journal = newJournal();
  journal.add(said('one'));
  journal.add(said('two'), true);
  await journal.flush();
  expect(await read()).toEqual({ texts: ['one', 'two'], lost: [], faults: [] });
  journal.add(said('three'));
  await journal.flush();
  expect(await read()).toMatchObject({ texts: ['one', 'two', 'three'], faults: [expect.stringContaining('no seal')] });
  await journal.seal();
  expect(await read()).toMatchObject({ faults: [] });
});

test('two processes in one folder: each has a file of its own, and the later one names the other', async () => {
  const [one, other] = [newJournal(folder, 'seen', 1), newJournal(folder, 'seen', 2)];
  for (const [number, journal] of [one, other, one, other].entries()) {
    journal.add(said(number));
    await journal.seal();
  }
  const { texts, faults } = await read();
  expect(texts.sort()).toEqual(['0', '1', '2', '3']);
  expect(faults).toEqual([]);
  const [first = ''] = await readdir(join(folder, 'run'));
  await rename(join(folder, 'run', first), join(folder, 'gone'));
  expect((await read()).faults).toEqual([expect.stringMatching(/^missing: .*is missing/)]);
});

test('a long one goes on in another file, and the closed one is compressed; it reads the same in either form', async () => {
  const journal = newJournal();
  const line = 'y'.repeat(900_000);
  for (let number = 0; number < 12; number += 1) {
    journal.add(said(`${number} ${line}`));
    await journal.seal();
  }
  await journal.flush();
  const names = await readdir(join(folder, 'run'));
  expect(names.map((each) => each.replace(/.*\d\./, ''))).toEqual(['jsonl.gz', 'jsonl']);
  const numbers = async () => (await read()).texts.map((each) => Number(each.split(' ')[0]));
  expect(await numbers()).toEqual([...Array(12).keys()]);
  expect((await read()).faults).toEqual([]);
  // A copy from before it was closed lies beside it.
  await copyFile(join(folder, 'run', names[1] ?? ''), join(folder, 'run', (names[0] ?? '').slice(0, -3)));
  expect(await numbers()).toEqual([...Array(12).keys()]);
  await rm(join(folder, 'run', (names[0] ?? '').slice(0, -3)));
  await writeFile(join(folder, 'run', names[0] ?? ''), 'no gzip');
  expect((await read()).faults).toEqual([expect.stringMatching(/^changed: .*can't be read/)]);
  // And whoever begins then isn't kept from writing.
  const next = newJournal(folder, 'decided');
  next.add(said('next'), true);
  await next.flush();
  expect(failures).toEqual([]);
  expect((await read()).texts).toContain('next');
});

test('a folder that vanishes is made again', async () => {
  const journal = newJournal();
  journal.add(said('one'), true);
  await journal.flush();
  await rm(join(folder, 'run'), { recursive: true });
  journal.add(said('two'), true);
  await journal.flush();
  await journal.flush();
  expect(await read()).toMatchObject({ texts: ['two'], faults: [] });
});

test('on a full disk: nothing is there by half or twice when there is room again, and adding never fails', () =>
  withSmallDisk(async (disk) => {
    const journal = newJournal(disk);
    journal.add(said('before'), true);
    await journal.flush();
    fill(disk);
    rmSync(join(disk, 'ballast-4096-0'));
    journal.add(said('z'.repeat(50_000)));
    await journal.flush();
    await journal.flush();
    const fresh = newJournal(disk, 'decided');
    fresh.add(said('y'.repeat(50_000)));
    await fresh.flush();
    expect(failures).toEqual([
      expect.objectContaining({ code: 'ENOSPC' }),
      expect.objectContaining({ code: 'ENOSPC' }),
    ]);
    expect(await read(disk)).toEqual({ texts: ['before'], lost: [], faults: [] });
    rmSync(join(disk, 'ballast-65536-0'));
    rmSync(join(disk, 'ballast-65536-1'));
    await Promise.all([journal.seal(), fresh.seal()]);
    const { texts, faults } = await read(disk);
    expect(texts.map((each) => each.length).sort()).toEqual([50_000, 50_000, 6]);
    expect(faults).toEqual([]);
  }));

test('while nothing can be written more than 4 MB isn’t kept, but what matters is; the lost are told when it can', async () => {
  const there = join(folder, 'run');
  await writeFile(there, 'a file in the place of the folder');
  const journal = newJournal();
  const line = 'v'.repeat(1_000_000);
  for (let number = 0; number < 8; number += 1) journal.add(said(`${number} ${line}`));
  journal.add(said('that matters'), true);
  await journal.flush();
  expect(failures).toHaveLength(1);
  await rm(there);
  await journal.seal();
  const { texts, lost } = await read();
  expect(texts.map((each) => each.split(' ')[0])).toEqual(['0', '1', '2', '3', '4', 'that']);
  expect(lost).toMatchObject([{ records: 3, why: expect.stringContaining('run') }]);
});

test('a writer that is killed with -9 at any moment: every record that was flushed is there, once and in order, and the rest is readable', async () => {
  const writer = fileURLToPath(new URL('writer.js', import.meta.url));
  for (const life of [0, 5, 30, 90]) {
    const at = join(folder, 'run');
    const child = spawn(process.execPath, [writer, at], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await once(child.stdout, 'data');
    await pause(life);
    child.kill('SIGKILL');
    await once(child, 'close');
    const flushed = out.trimEnd().split('\n').map(Number);
    const { texts, faults } = await read();
    const numbers = texts.map((each) => Number(each.split(' ')[0]));
    expect(numbers.slice(0, flushed.length)).toEqual(flushed);
    expect(numbers).toEqual([...numbers.keys()].map((each) => each + 1));
    expect(faults.every((each) => each.startsWith('cut: '))).toBe(true);
    await rm(at, { recursive: true });
  }
});

test('the tail of the newest journal: whole records only, and none where there is nothing', async () => {
  expect(await lastSeen(join(folder, 'run'))).toEqual([]);
  const journal = newJournal();
  for (let number = 0; number < 30; number += 1) journal.add(said(`${number} ${'x'.repeat(50_000)}`));
  await journal.flush();
  const numbers = (await lastSeen(join(folder, 'run'))).map(
    (each) => each.kind === 'version' && Number(each.text.split(' ')[0]),
  );
  expect(numbers).toEqual([...Array(20).keys()].map((each) => each + 10));
});

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../../deploy/systemd/', import.meta.url));
const units = readdirSync(folder);
const read = (unit: string) => readFileSync(path.join(folder, unit), 'utf8');
const settings = (unit: string) =>
  read(unit)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

let scratch: string;
beforeAll(async () => void (scratch = await mkdtemp(path.join(tmpdir(), 'golive-units-'))));
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe.each(units)('%s', (unit) => {
  test('systemd finds nothing wrong with it, where there is one', async () => {
    const present = await run('systemd-analyze', ['--version']).then(
      () => true,
      () => false,
    );
    if (!present) return;
    // Where Node lies differs, and a unit of several versions is one of a version.
    const file = path.join(scratch, unit.replace('@.', '@0.2.0.'));
    await writeFile(file, read(unit).replace('/usr/bin/node', process.execPath));
    const { stdout, stderr } = await run('systemd-analyze', ['verify', file]);
    expect(`${stdout}${stderr}`).toBe('');
  });

  test('starts golive by a path from its root, again and again', () => {
    const [start] = settings(unit).filter((line) => line.startsWith('ExecStart='));
    expect(start).toMatch(
      /^ExecStart=\/usr\/bin\/node (?:--max-\S+ )*--enable-source-maps dist\/src\/cli\/main\.js (worker|receive)\b/,
    );
    expect(settings(unit)).toEqual(
      expect.arrayContaining(['Restart=always', 'StartLimitIntervalSec=0', 'NoNewPrivileges=yes']),
    );
  });
});

const WORKERS = units.filter((unit) => unit.startsWith('golive-worker'));

test('commands outlive a worker that is stopped or starts again, and have the same /tmp then', () => {
  expect(WORKERS).toHaveLength(2);
  for (const unit of WORKERS) {
    expect(settings(unit)).toEqual(expect.arrayContaining(['KillMode=process', 'OOMPolicy=continue']));
    expect(
      settings(unit).filter((line) => /^(PrivateTmp|PrivatePIDs|ProtectProc|RuntimeMaxSec|WatchdogSec)=/.test(line)),
    ).toEqual([]);
  }
});

test('the heap of every worker is bounded alike, and Node knows the flags', async () => {
  const flags = WORKERS.map((unit) => read(unit).match(/(?<=^ExecStart=.*)--max-\S+/gm) ?? []);
  expect(flags[0]).toHaveLength(2);
  expect(flags[1]).toEqual(flags[0]);
  const image = readFileSync(path.join(folder, '../../Dockerfile'), 'utf8');
  expect(/^CMD (.*)$/m.exec(image)?.[1]?.match(/--max-[^"]+/g)).toEqual(flags[0]);
  await run(process.execPath, [...(flags[0] ?? []), '-e', '0']);
});

test('the worker by version is the worker in a folder of its own, and pins', () => {
  const pinned = settings('golive-worker.service')
    .join('\n')
    .replace('Description=golive worker', 'Description=golive worker %i')
    .replace('WorkingDirectory=/opt/golive', 'WorkingDirectory=/opt/golive/%i')
    .replace('golive.yaml', 'golive.yaml GOLIVE_VERSIONING=on');
  expect(settings('golive-worker@.service').join('\n')).toBe(pinned);
});

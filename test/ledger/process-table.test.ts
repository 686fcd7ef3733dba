import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parsePs, type ProcessTable, ProcTable, PsTable } from '../../src/ledger/process-table.js';

describe.each([
  ['/proc', new ProcTable()],
  ['ps', new PsTable()],
] as [string, ProcessTable][])('process table from %s', (source, table) => {
  const onLinux = process.platform === 'linux' ? test : test.skip;
  const testHere = source === '/proc' ? onLinux : test;
  let child: ChildProcess;
  beforeAll(async () => {
    // Its name is as awkward as a process name can be.
    child = spawn('/bin/sleep', ['60'], { argv0: 'odd ) S 1 (name', env: { GOLIVE_COMMAND: 'abc' }, detached: true });
    await once(child, 'spawn');
  });
  afterAll(() => void child.kill('SIGKILL'));

  testHere('shows parent, group, start and mark of a process', async () => {
    const pid = child.pid ?? 0;
    const row = (await table.all()).find((one) => one.pid === pid);
    expect(row).toMatchObject({ pid, parent: process.pid, group: pid, ended: false });
    expect(row?.startTime).toBe((await table.one(pid))?.startTime);
    expect(row?.carries('GOLIVE_COMMAND=abc')).toBe(true);
    expect(row?.carries('GOLIVE_COMMAND=ab')).toBe(false);
    expect(row?.names('GOLIVE_COMMAND')).toBe(true);
    expect(row?.names('GOLIVE')).toBe(false);
  });

  if (source === '/proc')
    testHere('shows session, name, cgroup and limit of a process', async () => {
      const row = await table.one(child.pid ?? 0);
      expect(row).toMatchObject({ session: child.pid, name: 'sleep' });
      expect(row?.fileLocks()).toBe('unlimited');
      expect(row?.cgroup()).toBe((await table.one(process.pid))?.cgroup());
    });

  testHere('has no row for a process that never was', async () => expect(await table.one(2 ** 22 + 1)).toBeUndefined());
});

test('reads the lines of ps on macOS', () => {
  const lines =
    '  501   1   501 Ss   Mon Nov  3 09:39:12 2025     /bin/sh -c sleep 9 GOLIVE_COMMAND=f00 PATH=/bin\n  777 501 501 Z+ Mon Nov 23 10:00:00 2025 (sh)\n';
  const [shell, zombie] = parsePs(lines);
  expect(shell).toMatchObject({ pid: 501, parent: 1, group: 501, startTime: 'Mon Nov 3 09:39:12 2025', ended: false });
  expect(shell?.carries('GOLIVE_COMMAND=f00')).toBe(true);
  expect(zombie).toMatchObject({ pid: 777, ended: true });
});

import type { Client } from '@temporalio/client';
import { describe, expect, test } from '@jest/globals';
import { rollbackInput } from '../../../src/cli/actions/rollback.js';
import { findBackup, withBackup } from '../../../src/cli/run/find-backup.js';
import { parseGoLiveInput } from '../../../src/domain/run/input.js';

const startTime = new Date('2026-11-23T20:00:00Z');
const run = (release: string, backup?: string) => ({ startTime, memo: { goLive: { release, backup } } });

/** A server that lists these runs, the newest first. */
function server(...runs: object[]): { client: Client; looked: () => number } {
  let looked = 0;
  async function* list() {
    await Promise.resolve();
    for (const each of runs) {
      looked += 1;
      yield each;
    }
  }
  const client = { withDeadline: (_: number, ask: () => unknown) => ask(), workflow: { list } };
  return { client: client as unknown as Client, looked: () => looked };
}

const wanted = { environment: 'prod', release: 'RC.3' };

describe('the backup of the go-live that is taken back', () => {
  test.each<[string, object[], object]>([
    [
      'the newest of that release counts',
      [run('RC.4', '/4'), run('RC.3', '/new'), run('RC.3', '/old')],
      { manifest: '/new', startedAt: '2026-11-23T20:00:00.000Z' },
    ],
    [
      'one that left none is passed over',
      [run('RC.3'), run('RC.3', '/old')],
      { manifest: '/old', startedAt: '2026-11-23T20:00:00.000Z' },
    ],
    [
      'a memo of somebody else says nothing',
      [
        { startTime, memo: { goLive: 'x' } },
        { startTime, memo: undefined },
      ],
      { none: 'none of the last 2 runs in prod has deployed RC.3 and says where its backup is' },
    ],
    ['none at all', [], { none: 'none of the last 0 runs in prod has deployed RC.3 and says where its backup is' }],
  ])('%s', async (_, runs, found) => {
    expect(await findBackup(server(...runs).client, wanted)).toEqual(found);
  });

  test('is not looked for without an end', async () => {
    const { client, looked } = server(...Array.from({ length: 200 }, () => run('RC.4', '/4')));
    expect(await findBackup(client, wanted)).toMatchObject({
      none: expect.stringContaining('the last 50 runs') as unknown,
    });
    expect(looked()).toBe(50);
  });

  test("is not found where the server can't list, and that is told", async () => {
    const client = { withDeadline: () => Promise.reject(new Error('no visibility')) } as unknown as Client;
    expect(await findBackup(client, wanted)).toEqual({ none: 'the server could not be asked (no visibility)' });
  });
});

test.each([
  [{}, {}],
  [{ dataSuspect: true }, { data: true }],
  [{ manifest: '/mine' }, { manifest: '/mine' }],
])('at the terminal %j is %j', (said, more) => {
  const options = {
    release: 'RC.3',
    previous: 'RC.2',
    owner: 'Ana',
    reason: 'refunds fail',
    by: 'Bo',
    queue: 'golive',
  };
  expect(rollbackInput('prod', { ...options, ...said } as never).rollback).toEqual({
    reason: 'refunds fail',
    by: 'Bo',
    ...more,
  });
});

describe('a rollback', () => {
  const input = (rollback: object) =>
    parseGoLiveInput({
      ...wanted,
      previousRelease: 'RC.2',
      decisionOwner: 'Ana',
      rollback: { reason: 'refunds fail', ...rollback },
    });
  const { client } = server(run('RC.3', '/new'));

  test('that names a backup is left as it is', async () => {
    expect(await withBackup(client, input({ manifest: '/mine' }))).toEqual({ input: input({ manifest: '/mine' }) });
  });

  test.each([
    [{}, false],
    [{ data: true }, true],
  ])('%j gets the one that was found, which says nothing of the data', async (rollback, data) => {
    const { input: found, told } = await withBackup(client, input(rollback));
    expect(found.rollback).toEqual({ reason: 'refunds fail', manifest: '/new', data });
    expect(told).toContain(
      '/new, by the run of RC.3 that began at 2026-11-23 20:00:00Z. To name another one: --manifest PATH.',
    );
  });

  test('without one says how to name it', async () => {
    const { input: same, told } = await withBackup(server().client, input({}));
    expect(same).toEqual(input({}));
    expect(told).toContain(
      'Without one no restore is proposed. To name it, as backup_create printed it: --manifest PATH.',
    );
  });
});

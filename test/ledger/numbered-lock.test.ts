import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LockOwner, NumberedLock } from '../../src/ledger/numbered-lock.js';
import { identityOf, type ProcessIdentity } from '../../src/ledger/process-identity.js';

describe('numbered lock', () => {
  let directory: string;
  let lock: NumberedLock;
  let myself: ProcessIdentity;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'golive-lock-'));
    lock = new NumberedLock(directory);
    myself = (await identityOf()) as ProcessIdentity;
  });
  afterEach(() => rm(directory, { recursive: true }));

  const take = () => lock.tryTake('decision', 'w/r/step.1');
  const owned = (changes: Partial<LockOwner>) =>
    writeFile(
      join(directory, 'lock.1'),
      JSON.stringify({ ...myself, role: 'supervisor', command: 'w/r/step.1', ...changes }),
    );

  test('of many that want it one gets it, and another one after its release', async () => {
    const first = (await Promise.all(Array.from({ length: 20 }, take))).filter((held) => held !== undefined);
    expect(first).toHaveLength(1);
    expect(await take()).toBeUndefined();
    await first[0]?.release();
    const second = (await Promise.all(Array.from({ length: 20 }, take))).filter((held) => held !== undefined);
    expect(second).toHaveLength(1);
    expect((await readdir(directory)).sort()).toEqual(['lock.1', 'lock.1.released', 'lock.2']);
  });

  test('a living owner holds it', async () => {
    await owned({});
    expect(await lock.view()).toMatchObject({ state: 'held', number: 1 });
    expect(await take()).toBeUndefined();
  });

  test.each([
    ['whose pid was given to another process', { startTime: '1' }],
    ['of another boot', { bootId: 'another' }],
    ['that has ended', { pid: 2 ** 22 + 1 }],
  ])('an owner %s is dead', async (_, changes) => {
    await owned(changes);
    expect(await lock.view()).toMatchObject({ state: 'free', released: false });
    expect((await take())?.path).toBe(join(directory, 'lock.2'));
  });

  test('an owner in another container is neither dead nor alive', async () => {
    await owned({ pidNamespace: 'pid:[1]' });
    expect(await lock.view()).toMatchObject({ state: 'unseen', why: expect.stringContaining('another container') });
    expect(await take()).toBeUndefined();
  });

  test('a number of which a power cut has left only the release is not taken again: it would look released', async () => {
    await writeFile(join(directory, 'lock.1.released'), '');
    expect(await lock.view()).toEqual({ state: 'free', number: 1, released: true, why: 'it was released' });
    expect((await take())?.path).toBe(join(directory, 'lock.2'));
    expect(await take()).toBeUndefined();
  });

  test('a file without content is left from a power cut', async () => {
    await writeFile(join(directory, 'lock.1'), '');
    expect((await take())?.path).toBe(join(directory, 'lock.2'));
  });

  test('a number that was swept away can be created again but gives no lock', async () => {
    await writeFile(
      join(directory, 'lock.7'),
      JSON.stringify({ ...myself, role: 'supervisor', command: 'w/r/step.1' }),
    );
    expect(await lock.takeAfter(3, 'supervisor', 'w/r/step.2')).toBeUndefined();
  });
});

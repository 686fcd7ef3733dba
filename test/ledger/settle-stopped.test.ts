import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { EnvironmentLock } from '../../src/ledger/environment-lock.js';
import type { HeldLock } from '../../src/ledger/numbered-lock.js';
import type { ProcessIdentity } from '../../src/ledger/process-identity.js';
import { exists, LedgerFixture } from './ledger-fixture.js';

const GO_ON = { choice: 'go-on', by: 'Ann', reason: 'looked at the hosts' };
const DAY_MS = 86_400_000;

/** Makes a lock look as if another container had taken it. */
async function takenElsewhere(lock: HeldLock | undefined): Promise<void> {
  if (!lock) throw new Error('The lock was not free.');
  const owner = JSON.parse(await readFile(lock.path, 'utf8')) as ProcessIdentity;
  await writeFile(lock.path, JSON.stringify({ ...owner, pidNamespace: 'pid:[1]' }));
}

describe('a person says "go on" about a stopped command that was not proven to have ended', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create()));
  afterEach(() => {
    jest.restoreAllMocks();
    return fixture.remove();
  });

  test('a survivor of KILL and its living supervisor hold up neither the key nor the environment', async () => {
    const [key, next] = [await fixture.key(), await fixture.key('rollback')];
    const spec = fixture.spec('sleep 60');
    const waiting = fixture.ledger.run(key, spec);
    await fixture.running(key);
    await expect(fixture.ledger.settle(key, GO_ON)).rejects.toThrow('is running');

    // As for a process in an uninterruptible wait: signals reach it and change nothing.
    const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    const stop = await fixture.ledger.stop(key, 0);
    kill.mockRestore();
    const { pid = 0 } = await fixture.ledger.read(key);
    expect(stop).toMatchObject({ state: 'unproven', survivors: expect.arrayContaining([pid]) });
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'busy' });

    await fixture.ledger.settle(key, GO_ON);
    await fixture.ledger.settle(key, GO_ON);
    await expect(fixture.ledger.settle(key, { ...GO_ON, choice: 'retry' })).rejects.toThrow('by Ann');
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    const unproven = {
      kind: 'unknown',
      why: expect.stringContaining('survived KILL'),
      alive: expect.arrayContaining([pid]),
    };
    expect(await waiting).toMatchObject(unproven);
    expect(await fixture.ledger.run(key, spec)).toMatchObject(unproven);
    expect(await fixture.ledger.read(key)).toMatchObject({ observation: { state: 'unknown', settled: GO_ON } });
    expect(exists(pid)).toBe(true);

    // It can be ended after all: that is then told.
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'stopped', survivors: [] });
    expect(await fixture.ledger.run(key, spec)).toMatchObject({ kind: 'stopped', ran: 'yes' });
    await fixture.ledger.settle(key, GO_ON); // a repeated attempt of the activity
    expect(await fixture.executions(key)).toBe(1);
  });

  test('only once a stop could not prove its end: not while it is being stopped', async () => {
    const key = await fixture.key();
    const spec = fixture.spec('trap "" TERM; while :; do sleep 0.05; done');
    const waiting = fixture.ledger.run(key, spec);
    await fixture.running(key);
    await fixture.directory(key).record('revoked', { cause: 'stop', reason: 'stopped', at: new Date(0).toISOString() });
    await expect(fixture.ledger.settle(key, GO_ON)).rejects.toThrow('is running');
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'stopped' });
    await waiting;
    await expect(fixture.ledger.settle(key, GO_ON)).rejects.toThrow('is finished');
  });

  test('its end comes between the stop and the answer: the answer is kept, the result counts', async () => {
    const key = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
    await fixture.running(key);
    const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'unproven' });
    kill.mockRestore();
    process.kill((await fixture.ledger.read(key)).pid ?? 0, 'SIGKILL');
    expect(await waiting).toMatchObject({ kind: 'stopped', ran: 'yes' });
    await fixture.ledger.settle(key, GO_ON);
    expect(await fixture.ledger.read(key)).toMatchObject({ observation: { state: 'finished' }, settled: GO_ON });
  });

  test('a supervisor in another container that never came to the start, holding both locks', async () => {
    const [key, next] = [await fixture.key(), await fixture.key('rollback')];
    const directory = fixture.directory(key);
    const environment = new EnvironmentLock(fixture.root, fixture.ledger.hostId, 'prod');
    await directory.record('spec', {
      environment: 'prod',
      argv: ['x'],
      workingDirectory: '/',
      envNames: [],
      deadlineMs: 1,
      stopGraceMs: 1,
    });
    await takenElsewhere(await directory.lock.tryTake('supervisor', directory.command));
    await takenElsewhere(await environment.tryTake(directory.command));
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({
      state: 'unproven',
      why: expect.stringContaining('another container'),
    });
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'busy' });
    await fixture.ledger.settle(key, GO_ON);
    // What the environment's lock depends on is not swept away, however old.
    expect(await fixture.ledger.sweep({ olderThanMs: DAY_MS, now: Date.now() + 2 * DAY_MS })).toEqual([]);
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toEqual({ kind: 'stopped', ran: 'no' });
    expect(await fixture.executions(key)).toBe(0);
    expect(await fixture.swept({ olderThanMs: DAY_MS, now: Date.now() + 2 * DAY_MS })).toEqual(['go-live-test/run-1']);
  });

  test.each(['stopped', 'unknown'])(
    'its directory was lost (%s): the environment is free afterwards',
    async (state) => {
      const [key, next] = [await fixture.key(), await fixture.key('rollback')];
      const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
      const supervisor = await fixture.running(key);
      process.kill(supervisor, 'SIGSTOP'); // a hanging one holds the environment for ever
      await rm(fixture.directory(key).path, { recursive: true });
      try {
        expect(await waiting).toMatchObject({ kind: 'unknown' });
        if (state === 'stopped') expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'unproven' });
        expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'busy' });
        await fixture.ledger.settle(key, GO_ON);
        expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
        expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'unknown' });
        // Authorised again by a late attempt, it still is what the person has decided about.
        await fixture.ledger.authorise([key]);
        const late = await fixture.ledger.run(key, fixture.spec('true'));
        expect(late).toMatchObject(
          state === 'stopped'
            ? { kind: 'stopped', ran: 'no' }
            : { kind: 'unknown', why: expect.stringContaining('a person has decided') },
        );
        expect(await fixture.executions(key)).toBe(1);
      } finally {
        process.kill(supervisor, 'SIGKILL');
      }
    },
  );
});

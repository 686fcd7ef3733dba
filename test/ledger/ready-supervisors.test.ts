import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { processTable } from '../../src/ledger/process-table.js';
import { ReadySupervisors } from '../../src/ledger/ready-supervisors.js';
import { SUPERVISOR_EXIT } from '../../src/ledger/supervisor-order.js';
import { killCaller, seededRandom, startCaller } from './caller-process.js';
import { exists, LedgerFixture, until } from './ledger-fixture.js';

/** For a larger campaign: GOLIVE_KILLS=500. */
const KILLS = Number(process.env.GOLIVE_KILLS ?? 20);
const SEED = Number(process.env.GOLIVE_SEED ?? 20_261_127);

/** Those that wait are children of the process that started them. */
const waitingOf = async (parent: number): Promise<number[]> =>
  (await processTable.all())
    .filter((row) => row.parent === parent && !row.ended && row.names('GOLIVE_SUPERVISOR'))
    .map(({ pid }) => pid);

describe('supervisors that wait ready', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  test('one of them runs the command, another one takes its place, and each has a mark of its own', async () => {
    const ready = fixture.ledger.keepSupervisorsReady(1);
    await until(() => ready.waiting === 1);
    const [first] = await waitingOf(process.pid);
    const [key, next] = [await fixture.key(), await fixture.key('rollback')];
    expect(await fixture.ledger.run(key, fixture.spec('exit 3'))).toMatchObject({ kind: 'exited', exitCode: 3 });
    const started = await fixture.directory(key).read('started');
    expect(started).toMatchObject({
      supervisor: { pid: first },
      mark: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    expect(started?.mark).not.toBe(fixture.mark(key));
    await until(() => ready.waiting === 1);
    await fixture.ledger.run(next, fixture.spec('true'));
    expect((await fixture.directory(next).read('started'))?.mark).not.toBe(started?.mark);
    await ready.close();
    await until(async () => (await waitingOf(process.pid)).length === 0);
  });

  test('they end with the process that keeps them, and one that has an order does not', async () => {
    const key = await fixture.key();
    const caller = startCaller(fixture.root, key, fixture.spec('sleep 0.3; echo done'), 'ready');
    const supervisor = await fixture.running(key);
    let waiting: number[] = [];
    await until(async () => (waiting = await waitingOf(caller.pid ?? 0)).some((pid) => pid !== supervisor));
    await killCaller(caller);
    await until(() => waiting.every((pid) => pid === supervisor || !exists(pid)));
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'exited', stdout: { bytes: 5 } });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('one that was killed while it waited is not waited for', async () => {
    const ready = fixture.ledger.keepSupervisorsReady(1);
    await until(() => ready.waiting === 1);
    const [pid = 0] = await waitingOf(process.pid);
    process.kill(pid, 'SIGKILL');
    await until(() => ready.waiting === 0);
    const key = await fixture.key();
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect((await fixture.directory(key).read('started'))?.mark).toBe(fixture.mark(key));
    await ready.close();
  });

  test('one that hangs is not waited for: another one runs the command, and when it comes to itself it finds that done', async () => {
    const ready = fixture.ledger.keepSupervisorsReady(1);
    await until(() => ready.waiting === 1);
    const [pid = 0] = await waitingOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    const key = await fixture.key();
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    process.kill(pid, 'SIGCONT');
    await until(() => !exists(pid));
    expect(await fixture.executions(key)).toBe(1);
    await ready.close();
  });

  test('one that hangs is ended by who closes them: it has no order', async () => {
    const ready = fixture.ledger.keepSupervisorsReady(1);
    await until(() => ready.waiting === 1);
    const [pid = 0] = await waitingOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    await ready.close();
    expect(exists(pid)).toBe(false);
  });

  test('what it complains of is in the directory of its command', async () => {
    const ready = new ReadySupervisors(1);
    await until(() => ready.waiting === 1);
    const directory = fixture.directory(await fixture.key());
    const { root, command } = directory;
    // Half a character can't be part of a folder's name.
    const spec = fixture.spec('true', { environment: '\uD800' });
    const supervisor = ready.take({ root, hostId: fixture.ledger.hostId, command, spec });
    expect(await supervisor?.exited).toBe(SUPERVISOR_EXIT.failed);
    expect(await readFile(directory.file('supervisor.log'), 'utf8')).toContain('URI malformed');
    await ready.close();
  });

  test(
    `killed with -9 at ${KILLS} instants from its order on (seed ${SEED}), then stopped: nothing of the command is left, nothing comes later`,
    async () => {
      const ready = new ReadySupervisors(2);
      const random = seededRandom(SEED);
      const states = new Map<string, number>();
      for (let kill = 0; kill < KILLS; kill++) {
        await until(() => ready.waiting > 0);
        const key = await fixture.key();
        const { root, command } = fixture.directory(key);
        const spec = fixture.spec('sleep 60', { environment: `kill-${kill}` });
        const supervisor = ready.take({ root, hostId: fixture.ledger.hostId, command, spec });
        await pause(random() * 40);
        process.kill(supervisor?.pid ?? 0, 'SIGKILL');
        const stop = await fixture.ledger.stop(key, 0);
        const executions = await fixture.executions(key);
        states.set(stop.state, (states.get(stop.state) ?? 0) + 1);
        expect(['never-started', 'stopped']).toContain(stop.state);
        expect(await fixture.alive(key)).toEqual([]);
        await pause(10); // time for something late to show itself
        expect({ kill, executions: await fixture.executions(key) }).toEqual({ kill, executions });
        if (stop.state === 'never-started') expect(executions).toBe(0);
        expect(await fixture.ledger.run(key, spec)).toMatchObject({ kind: 'stopped' });
      }
      await ready.close();
      expect(states.get('stopped') ?? 0).toBeGreaterThan(0); // else the kills missed what they are for
    },
    60_000 + KILLS * 2_000,
  );
});

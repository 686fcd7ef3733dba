import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerFixture, SUPERVISORS, until } from './ledger-fixture.js';

describe.each(SUPERVISORS)('the supervisor (%s) is killed with -9', (supervisors) => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create(undefined, supervisors)));
  afterEach(() => fixture.remove());

  test('the outcome is unknown, names what still runs, and the command is not run again', async () => {
    const key = await fixture.key();
    const spec = fixture.spec('sleep 60');
    const waiting = fixture.ledger.run(key, spec);
    process.kill(await fixture.running(key), 'SIGKILL');
    const outcome = await waiting;
    expect(outcome).toMatchObject({ kind: 'unknown', why: expect.stringContaining('there is no result') });
    const { pid } = await fixture.ledger.read(key);
    expect(outcome).toMatchObject({ alive: expect.arrayContaining([pid]) });
    const again = await Promise.all([fixture.ledger.run(key, spec), fixture.ledger.run(key, spec)]);
    for (const one of again) expect(one.kind).toBe('unknown');
    expect(await fixture.executions(key)).toBe(1);
  });

  test('a living tree keeps the environment busy until it ends', async () => {
    const [key, next] = [await fixture.key(), await fixture.key('rollback')];
    const gate = join(fixture.home, 'gate');
    const waiting = fixture.ledger.run(key, fixture.spec(`until [ -e ${gate} ]; do sleep 0.02; done`));
    process.kill(await fixture.running(key), 'SIGKILL');
    await waiting;
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({
      kind: 'busy',
      heldBy: expect.stringContaining('supervisor is gone'),
    });
    await writeFile(gate, '');
    await until(async () => (await fixture.alive(key)).length === 0);
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect((await fixture.ledger.commandsOf('prod')).map((view) => view.observation.state)).toEqual([
      'unknown',
      'finished',
    ]);
  });

  test("a person's decision is recorded once and frees the environment even of what still runs", async () => {
    const [key, next] = [await fixture.key(), await fixture.key('rollback')];
    const spec = fixture.spec('sleep 60');
    const waiting = fixture.ledger.run(key, spec);
    const settlement = { choice: 'roll back', by: 'Ann', reason: 'looked at the hosts' };
    const supervisor = await fixture.running(key);
    await expect(fixture.ledger.settle(key, settlement)).rejects.toThrow('is running');
    process.kill(supervisor, 'SIGKILL');
    await waiting;
    await fixture.ledger.settle(key, settlement);
    await fixture.ledger.settle(key, settlement);
    await expect(fixture.ledger.settle(key, { ...settlement, choice: 'retry' })).rejects.toThrow('by Ann');
    expect(await fixture.ledger.read(key)).toMatchObject({ observation: { state: 'unknown', settled: settlement } });
    expect(await fixture.ledger.run(next, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect((await fixture.ledger.run(key, spec)).kind).toBe('unknown');
  });

  test('killed before its start it is as if it had never been', async () => {
    const key = await fixture.key();
    const supervisor = await fixture.directory(key).lock.tryTake('supervisor', 'go-live-test/run-1/x.1');
    await writeFile(
      supervisor?.path ?? '',
      JSON.stringify({
        pid: 2 ** 22 + 1,
        startTime: '1',
        bootId: 'x',
        pidNamespace: 'y',
        role: 'supervisor',
        command: 'x',
      }),
    );
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect(await fixture.executions(key)).toBe(1);
  });
});

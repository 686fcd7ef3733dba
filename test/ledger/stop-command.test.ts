import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { identityOf } from '../../src/ledger/process-identity.js';
import { launchSupervisor } from '../../src/ledger/supervisor-launch.js';
import { SUPERVISOR_EXIT } from '../../src/ledger/supervisor-order.js';
import { seededRandom } from './caller-process.js';
import { IN_CAMPAIGN } from '../support/pairs.js';
import { exists, LedgerFixture, SUPERVISORS } from './ledger-fixture.js';

const STUBBORN = 'trap "" TERM; (trap "" TERM; sleep 60) & setsid sleep 60 & sleep 60; sleep 60';

describe.each(SUPERVISORS)('stopping a command, its supervisor %s', (supervisors) => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create(undefined, supervisors)));
  afterEach(() => fixture.remove());

  test('before it began: a late attempt starts nothing', async () => {
    const key = await fixture.key();
    expect(await fixture.ledger.stop(key, 100)).toMatchObject({ state: 'never-started', survivors: [] });
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toEqual({ kind: 'stopped', ran: 'no' });
    expect(await fixture.executions(key)).toBe(0);
  });

  test('after its end: its outcome stands', async () => {
    const key = await fixture.key();
    const outcome = await fixture.ledger.run(key, fixture.spec('exit 4'));
    expect(await fixture.ledger.stop(key, 100)).toEqual({ state: 'ended-before', outcome, survivors: [] });
    expect(await fixture.ledger.run(key, fixture.spec('exit 4'))).toEqual(outcome);
  });

  test('while it runs: the tree is gone, those who wait and those who come later hear "stopped"', async () => {
    const key = await fixture.key();
    const spec = fixture.spec('sleep 60 & sleep 60');
    const waiting = fixture.ledger.run(key, spec);
    await fixture.running(key);
    expect(await fixture.ledger.stop(key, 5_000)).toMatchObject({
      state: 'stopped',
      outcome: { kind: 'stopped', ran: 'yes', signal: 'SIGTERM' },
      survivors: [],
    });
    expect(await waiting).toMatchObject({ kind: 'stopped' });
    expect(await fixture.ledger.run(key, spec)).toMatchObject({ kind: 'stopped' });
    expect(await fixture.alive(key)).toEqual([]);
    expect(await fixture.ledger.run(await fixture.key('rollback'), fixture.spec('true'))).toMatchObject({
      kind: 'exited',
    });
  });

  test.each([
    ['alive', undefined],
    ['dead', 'SIGKILL'],
    ['hanging', 'SIGSTOP'],
  ] as const)('a tree that ignores TERM, its supervisor %s', async (_, signal) => {
    const key = await fixture.key();
    const spec = fixture.spec(STUBBORN);
    const waiting = fixture.ledger.run(key, spec);
    const supervisor = await fixture.running(key);
    if (signal) process.kill(supervisor, signal);
    const stops = await Promise.all([fixture.ledger.stop(key, 100), fixture.ledger.stop(key, 100)]);
    for (const stop of stops)
      expect(stop).toMatchObject({ state: 'stopped', outcome: { kind: 'stopped' }, survivors: [] });
    expect(await fixture.alive(key)).toEqual([]);
    // The one who waited may have looked between the supervisor's death and the stop's word.
    expect(['stopped', 'unknown']).toContain((await waiting).kind);
    expect(await fixture.ledger.run(key, spec)).toMatchObject({ kind: 'stopped' });
    expect(await fixture.ledger.run(await fixture.key('rollback'), fixture.spec('true'))).toMatchObject({
      kind: 'exited',
    });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('processes that were stopped with SIGSTOP are ended too', async () => {
    const key = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('kill -STOP $$; sleep 60'));
    await fixture.running(key);
    expect(await fixture.ledger.stop(key, 5_000)).toMatchObject({ state: 'stopped' });
    expect(await waiting).toMatchObject({ kind: 'stopped', signal: 'SIGTERM' });
  });

  test('at any instant of a start: whoever is later sees the other', async () => {
    const random = seededRandom(7);
    for (let time = 0; time < (IN_CAMPAIGN ? 25 : 10); time++) {
      const key = await fixture.key();
      const spec = fixture.spec('sleep 60', { environment: `race-${time}` });
      const waiting = fixture.ledger.run(key, spec);
      await pause(random() * 70);
      const stop = await fixture.ledger.stop(key, 0);
      const executions = await fixture.executions(key);
      expect(await fixture.alive(key)).toEqual([]);
      expect(['never-started', 'stopped']).toContain(stop.state);
      if (stop.state === 'never-started') expect(executions).toBe(0);
      expect(await waiting).toMatchObject({ kind: 'stopped' });
      await pause(20); // time for something late to show itself
      expect(await fixture.executions(key)).toBe(executions);
    }
  });

  test('whoever revokes and then sees no start may rely on it, even if the rest of the stop never comes', async () => {
    const random = seededRandom(11);
    let relied = 0;
    const rounds = IN_CAMPAIGN ? 30 : 12;
    // A ready supervisor is from its lock to its start in a few milliseconds: until one round at least has come before it.
    for (let time = 0; time < rounds || (relied === 0 && time < 200); time++) {
      const key = await fixture.key();
      const directory = fixture.directory(key);
      const waiting = fixture.ledger.run(key, fixture.spec('sleep 60', { environment: `race-${time}` }));
      // In half of the rounds the supervisor has its lock, so it has looked at `revoked` for the first time or does so just now; a busy machine may never hit that instant.
      if (time % 2) await pause(random() * (supervisors === 'ready' ? 10 : 40));
      else while ((await directory.lock.highest()) === 0) await pause(1);
      await directory.record('revoked', { cause: 'stop', reason: 'test', at: new Date(0).toISOString() });
      if ((await directory.read('started')) === undefined) {
        relied += 1;
        expect(await waiting).toEqual({ kind: 'stopped', ran: 'no' });
        await pause(20);
        expect(await fixture.executions(key)).toBe(0);
      } else {
        await fixture.ledger.stop(key, 0);
        expect(await waiting).toMatchObject({ kind: 'stopped' });
      }
    }
    expect(relied).toBeGreaterThan(0);
  });

  test('a supervisor that is late starts nothing where the directory has been lost', async () => {
    const key = { workflowId: 'go-live-test', firstExecutionRunId: 'run-1', step: 'deploy-canary', generation: 99 };
    const directory = fixture.directory(key);
    await directory.create();
    const { root, command } = directory;
    const order = { root, hostId: fixture.ledger.hostId, command, spec: fixture.spec('true') };
    expect(await (await launchSupervisor(directory, order)).exited).toBe(SUPERVISOR_EXIT.done);
    expect(await fixture.executions(key)).toBe(0);
    expect(await directory.read('started')).toBeUndefined();
  });

  test('a stranger who got the pid of the command or its supervisor is not harmed', async () => {
    const key = await fixture.key();
    const stranger = spawn('/bin/sleep', ['60'], { detached: true });
    try {
      const identity = await identityOf(stranger.pid);
      if (!identity) throw new Error('The stranger did not start.');
      const before = { ...identity, startTime: '1' };
      await fixture.directory(key).record('started', { supervisor: before, at: new Date(0).toISOString() });
      await fixture.directory(key).record('child', { process: before });
      expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'unknown', alive: [] });
      expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'stopped', outcome: { ran: 'perhaps' } });
      expect(exists(stranger.pid ?? 0)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  test('with its directory lost it still ends what runs, but proves nothing', async () => {
    const key = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
    await fixture.running(key);
    await rm(fixture.directory(key).path, { recursive: true });
    expect(await fixture.ledger.stop(key, 100)).toMatchObject({
      state: 'unproven',
      survivors: [],
      why: expect.stringContaining('no directory'),
    });
    expect(await fixture.alive(key)).toEqual([]);
    // The one who waited may have looked after the supervisor's last word.
    expect(['stopped', 'unknown']).toContain((await waiting).kind);
  });
});

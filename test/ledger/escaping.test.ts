import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { LedgerFixture, SUPERVISORS, until } from './ledger-fixture.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** Hands its work to a process that has neither its environment nor its session nor a parent, as cron-like helpers do. */
const HANDED_OVER =
  'env -i PATH="$PATH" setsid sh -c "while sleep 0.2; do :; done; exit; $NAME" </dev/null >/dev/null 2>&1 &';
/** What sudo and su do besides: limits of the system. */
const LIKE_SUDO = '{ ulimit -S -x unlimited || ulimit -S -w unlimited; } 2>/dev/null;';

onLinux.each(SUPERVISORS)(
  'work that a command (its supervisor %s) has handed to a process without its environment',
  (supervisors) => {
    let fixture: LedgerFixture;
    let name: string;
    beforeEach(async () => {
      fixture = await LedgerFixture.create(undefined, supervisors);
      name = `work-of-${fixture.home.split('/').at(-1)}`;
    });
    afterEach(async () => {
      for (const pid of working()) process.kill(pid, 'SIGKILL');
      await fixture.remove();
    });

    /** The processes that do the work. */
    const working = () =>
      readdirSync('/proc').flatMap((pid) => {
        try {
          const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return program === 'sh' && args.some((arg) => arg.includes(`exit; ${name}`)) ? [Number(pid)] : [];
        } catch {
          return [];
        }
      });
    const commandThat = (script: string, deadlineMs = 30_000) => {
      const spec = fixture.spec(`(${script}) ; sleep 61`, { deadlineMs });
      return { ...spec, env: { ...spec.env, NAME: name } };
    };
    const runs = async (script: string, deadlineMs?: number) => {
      const key = await fixture.key();
      const outcome = fixture.ledger.run(key, commandThat(script, deadlineMs));
      const supervisor = await fixture.running(key);
      await until(() => working().length > 0);
      return { key, outcome, supervisor };
    };

    test.each([
      ['its supervisor alive', undefined],
      ['its supervisor dead', 'SIGKILL'],
    ] as const)('is ended by a stop, %s', async (_, signal) => {
      const { key, outcome, supervisor } = await runs(HANDED_OVER);
      if (signal) process.kill(supervisor, signal);
      expect(await fixture.ledger.stop(key, 200)).toMatchObject({ state: 'stopped', survivors: [] });
      expect(working()).toEqual([]);
      await outcome;
    });

    test('is ended by the deadline', async () => {
      const { outcome } = await runs(HANDED_OVER, 4_000);
      expect(await outcome).toMatchObject({ kind: 'deadline' });
      expect(working()).toEqual([]);
    });

    test('is named by a stop when nothing tells it from a stranger any more, until it is over', async () => {
      const { key, outcome } = await runs(`${LIKE_SUDO} ${HANDED_OVER}`);
      const [pid = 0] = working();
      for (let time = 0; time < 2; time++)
        expect(await fixture.ledger.stop(key, 200)).toMatchObject({
          state: 'unproven',
          survivors: expect.arrayContaining([pid]),
          why: expect.stringContaining(`${pid} (sh)`),
        });
      await outcome;
      process.kill(pid, 'SIGKILL');
      await until(() => working().length === 0);
      // What other tests leave at this moment may still be in doubt, this is not.
      expect((await fixture.ledger.stop(key, 200)).survivors).not.toContain(pid);
    });

    test('makes a command unknown that is ended at its deadline, when nothing tells it from a stranger any more', async () => {
      const { outcome } = await runs(`${LIKE_SUDO} ${HANDED_OVER}`, 4_000);
      const [pid = 0] = working();
      expect(await outcome).toMatchObject({ kind: 'unknown', why: expect.stringContaining(`${pid} (sh)`) });
    });

    test('is none when it began before the command, or belongs to another one', async () => {
      const stranger = spawn('/bin/sh', [
        '-c',
        `(setsid sh -c "while sleep 0.2; do :; done; exit; ${name}" </dev/null >/dev/null 2>&1 &)`,
      ]);
      await until(() => working().length > 0 && stranger.exitCode !== null);
      const other = await fixture.key('rollback');
      const outcomes = [fixture.ledger.run(other, { ...commandThat(HANDED_OVER), environment: 'staging' })];
      await until(() => working().length > 1);
      const key = await fixture.key();
      outcomes.push(fixture.ledger.run(key, fixture.spec('sleep 61')));
      await fixture.running(key);
      const strangers = working();
      const stop = await fixture.ledger.stop(key, 200);
      expect(stop.survivors.filter((pid) => strangers.includes(pid))).toEqual([]);
      expect(working()).toEqual(strangers);
      await fixture.ledger.stop(other, 200);
      for (const child of strangers) process.kill(child, 'SIGKILL');
      await Promise.all(outcomes);
    });
  },
);

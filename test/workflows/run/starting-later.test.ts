import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowFailedError } from '@temporalio/client';
import { backupName } from '../../../src/domain/backup/backup-name.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { Freeze } from '../../../src/domain/plan/playbook.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo, virtualTime } from '../../support/time-skipping.js';
import {
  decide,
  momentOf,
  openHold,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const HOUR = 3_600_000;
const said = { by: 'Bea', reason: 'not today' };
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
/** Frozen from so many hours ahead to so many. */
const window = (name: string, from: number, to: number): Freeze => ({ name, from: inHours(from), to: inHours(to) });
const frozen =
  (...freezes: Freeze[]) =>
  (plan: Plan): Plan => ({ ...plan, freezes });
const later = (room: Room, hours: number, more: { input?: object; until?: string } = {}) =>
  room.start({ ...more, input: { startAt: inHours(hours), ...more.input } });
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

describe('a go-live that begins later', () => {
  test('is open at once, does nothing before its time, and names its backup after the moment it begins', async () => {
    const room = await lab.room();
    const startAt = inHours(30);
    const handle = await room.start({ input: { startAt }, until: '29h' });
    expect(await statusWhen(handle, ({ phase }) => phase === 'scheduled')).toMatchObject({
      beginsAt: startAt,
      planHash: expect.stringMatching(/^sha256:/),
      preflight: [],
      watching: [],
      holds: [],
    });
    expect(await handle.query('__temporal_workflow_metadata')).toMatchObject({
      currentDetails: expect.stringContaining(`It begins at ${startAt.slice(0, 19).replace('T', ' ')}Z`),
    });
    expect([room.world.executed, room.world.messages]).toEqual([[], []]);
    const result = await toTheEnd(handle);
    expect(result.outcome).toBe('completed');
    expect(Math.abs(momentOf(result, 'preflight') - Date.parse(startAt))).toBeLessThan(5_000);
    expect(room.world.backupNames).toEqual([backupName(new Date(Date.parse(startAt)))]);
  });

  test.each([
    ['abort', (handle: GoLiveHandle) => handle.signal('abort', said), 'Bea'],
    ['cancel', (handle: GoLiveHandle) => handle.cancel(), 'temporal workflow cancel'],
  ])('ends with %s, and nothing was deployed', async (_, stop, by) => {
    const room = await lab.room();
    const handle = await later(room, 30, { until: '1h' });
    await stop(handle);
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'aborted', stop: { kind: 'abort', by }, preflight: [] });
    expect([room.world.executed, room.world.messages]).toEqual([
      [],
      [expect.stringMatching(/^ARIS3 release RC\.3 aborted: .+\. Nothing was deployed\.$/)],
    ]);
  });

  thorough("doesn't begin while it is paused", async () => {
    const room = await lab.room();
    const handle = await later(room, 2, { until: '1h' });
    await handle.signal('pause', said);
    await fastForwardTo(lab.client, handle.workflowId, '5h');
    expect(await handle.query('status')).toMatchObject({ phase: 'scheduled', paused: said });
    expect(room.world.executed).toEqual([]);
    await handle.signal('resume', said);
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  thorough('is not rejected by an alert that is over when it begins, but by one that still fires', async () => {
    const external = (plan: Plan): Plan => ({
      ...plan,
      triggers: [
        ...plan.triggers.filter(({ name }) => name !== 'p1-alert'),
        { name: 'p1-alert', external: true, for: 0, action: 'rollback' },
      ],
    });
    for (const [state, outcome] of [
      ['resolved', 'completed'],
      ['firing', 'rejected'],
    ] as const) {
      const room = await lab.room(external);
      const handle = await later(room, 2, { until: '1h' });
      await handle.signal('alert', { trigger: 'p1-alert', state: 'firing' });
      await statusWhen(handle, () => true);
      await handle.signal('alert', { trigger: 'p1-alert', state });
      expect(await handle.query('status')).toMatchObject({ phase: 'scheduled' });
      expect(await toTheEnd(handle)).toMatchObject({ outcome });
    }
  });

  thorough('whose time came while no worker was there asks before it begins', async () => {
    const room = await lab.stoppable.room((plan) => ({ ...plan, holds: { ...plan.holds, pageAgain: 1_000 } }));
    const handle = await later(room, 2, { until: '1h' });
    await room.withoutWorkflows(async () => {
      await enableTimeSkipping(lab.client, handle.workflowId);
      while ((await virtualTime(lab.client, handle.workflowId)) < 2 * HOUR + 1_500) await sleep(50);
    });
    expect(await openHold(handle, 'late-start')).toMatchObject({
      choices: ['begin', 'reject'],
      reason: expect.stringContaining('no worker was there'),
    });
    expect(room.world.executed).toEqual([]);
    await decide(handle, 'late-start', 'reject');
    expect(await handle.result()).toMatchObject({ outcome: 'rejected', stop: { by: 'Bea' } });
  });

  test.each([
    [
      'in the past',
      { startAt: '2026-01-02T22:30:00+01:00' },
      /startAt 2026-01-02T22:30:00\+01:00 is over, it was started at .*Z\. Give a moment ahead, or leave startAt out/,
    ],
    ['without an offset', { startAt: '2036-01-02T22:30:00' }, /startAt: must be a date-time with a UTC offset/],
    ['of a dry run', { startAt: '2036-01-02T22:30:00Z', dryRun: true }, /begins at once and is never frozen/],
  ])('is refused with a time %s', async (_, input, words) => {
    const room = await lab.room();
    const handle = await room.start({ input });
    const error = await handle.result().then(
      () => undefined,
      (each: unknown) => each,
    );
    expect((error as WorkflowFailedError).cause?.message).toMatch(words);
  });
});

describe('a freeze window', () => {
  test('refuses a start, with its name and both ways on', async () => {
    const room = await lab.room(frozen(window('year end', -1, 20)));
    const handle = await room.start();
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'rejected',
      stop: { by: 'freeze window' },
      summary: expect.stringMatching(
        /^nothing was deployed; no go-live begins at .*the freeze window "year end" until .* Start it later: golive start env-\S+ --release RC\.3 --previous RC\.2 --owner Ana --at .*Z\. If it can't wait: .* --override-freeze 'year end'$/,
      ),
    });
    expect(room.world.executed).toEqual([]);
  });

  thorough(
    "that will be in force at its time refuses a later start at once, and one that is in force only now doesn't",
    async () => {
      const room = await lab.room(frozen(window('weekend', 3, 20)));
      expect(await (await later(room, 4)).result()).toMatchObject({
        outcome: 'rejected',
        summary: expect.stringContaining('"weekend"'),
      });
      const other = await lab.room(frozen(window('weekend', -3, 2)));
      expect(await (await later(other, 4)).result()).toMatchObject({ outcome: 'completed' });
    },
  );

  test('is looked at again when it begins: a pause has taken it there', async () => {
    const room = await lab.room(frozen(window('weekend', 3, 20)));
    const handle = await later(room, 2, { until: '1h' });
    await handle.signal('pause', said);
    await fastForwardTo(lab.client, handle.workflowId, '4h');
    await handle.signal('resume', said);
    expect(await handle.result()).toMatchObject({
      outcome: 'rejected',
      summary: expect.stringContaining('"weekend"'),
      preflight: [],
    });
  });

  thorough('is overridden by its name, on record and told with the start', async () => {
    const room = await lab.room(frozen(window('year end', -1, 900)));
    const handle = await later(room, 2, {
      input: { overrideFreeze: { freeze: 'year end', reason: 'a leak', by: 'Cid' } },
    });
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'completed',
      freezeOverride: expect.stringMatching(/"year end" until .*, overridden by Cid: a leak/),
    });
    expect(whatHappened(result)).toContainEqual(
      expect.stringMatching(/^freeze windows: in spite of the freeze window "year end" .* overridden by Cid: a leak/),
    );
    expect(room.world.messages[0]).toMatch(/^ARIS3 release RC\.3 started/);
    expect(room.world.messages[1]).toMatch(
      /^ARIS3 release RC\.3 begins in spite of the freeze window "year end" .* overridden by Cid: a leak$/,
    );
  });

  thorough('is not overridden by another name, nor by one of two', async () => {
    const room = await lab.room(frozen(window('year end', -1, 20), window('inventory', -1, 20)));
    const override = (freeze: string | string[]) =>
      room.start({ input: { overrideFreeze: { freeze, reason: 'a leak' } } }).then((handle) => handle.result());
    expect((await override('inventory')).summary).toContain('The override names "inventory", and not "year end".');
    expect((await override('weekend')).summary).toContain(
      'The override names "weekend", and not "year end" and "inventory".',
    );
    expect(await override(['year end', 'inventory'])).toMatchObject({ outcome: 'completed' });
  });

  thorough('that is not in force needs no override, which is on record', async () => {
    const room = await lab.room(frozen(window('year end', 50, 60)));
    const result = await (
      await room.start({ input: { overrideFreeze: { freeze: 'year end', reason: 'to be sure' } } })
    ).result();
    expect(result).toMatchObject({
      outcome: 'completed',
      freezeOverride: expect.stringContaining('it was not needed'),
    });
  });

  thorough('freezes no dry run and no rollback', async () => {
    const room = await lab.room(frozen(window('year end', 1, 900)));
    const rehearsed = await (await room.start({ input: { dryRun: true, attestations: {} } })).result();
    expect(rehearsed.outcome).toBe('rehearsed');
    room.world.plan.freezes[0] = window('year end', -1, 900);
    expect((await (await room.start({ input: { dryRun: true, attestations: {} } })).result()).outcome).toBe(
      'rehearsed',
    );
    const other = await lab.room(frozen(window('year end', 0.05, 900)));
    const handle = await other.start({ until: '5m' });
    await handle.signal('abort', said);
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'rolled-back' });
  });
});

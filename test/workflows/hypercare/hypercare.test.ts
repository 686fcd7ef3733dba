import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { planFor } from '../../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';
import { bytesOf, eventsOfRealRun } from '../../support/events-of-a-real-run.js';
import { goodReading } from '../../support/simulated-watch.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { withSoak } from '../../support/with-soak.js';
import {
  decide,
  momentOf,
  openHold,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type Room,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST_SEGMENT = 10 * MINUTE;
/** Before hypercare there are some thirteen minutes of rollout. */
const short: Plan['hypercare'] = {
  for: 6 * HOUR,
  windows: [
    { until: HOUR, every: 10_000 },
    { until: 3 * HOUR, every: 30_000 },
    { until: 6 * HOUR, every: MINUTE },
  ],
  reviews: { from: 2 * HOUR, every: HOUR },
  exit: { clean: 2 * HOUR },
};
const withHypercare =
  (change: Partial<Plan['hypercare']> = {}) =>
  (plan: Plan): Plan => ({ ...plan, hypercare: { ...short, ...change } });

/** A room in which something is otherwise from so long after the smoke of the deploy on. */
function since(
  room: Room,
  change: (elapsed: number, at: number, check: string) => Partial<Record<string, ReturnType<typeof goodReading>>>,
): void {
  let began: number | undefined;
  let verified = false;
  room.world.during = (name) => (verified ||= name === 'smoke.1');
  room.world.readings = (check, target, at) => {
    if (!verified || target !== 'service') return goodReading(check);
    began ??= at;
    return change(at - began, at, check.name)[check.name] ?? goodReading(check);
  };
}
const reviewsOf = (room: Room) => room.world.messages.filter((message) => message.includes('hypercare review'));

thorough(
  '72 hours of the real ARIS3: 24 reviews on the hour, a closing note, a final summary, and a small history',
  async () => {
    const { hypercare } = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
    const room = await lab.room((plan) => ({ ...plan, hypercare }));
    const handle = await room.start({ until: '72h30m' });
    const { hypercare: now } = await statusWhen(handle, ({ holds }) => holds.some(({ id }) => id === 'closing-note'));
    expect(now?.criteria.filter(({ met }) => met !== true).map(({ name }) => name)).toEqual(['closing note']);
    await decide(handle, 'closing-note', 'acknowledge');
    await enableTimeSkipping(lab.client, handle.workflowId);
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'completed', hypercare: { blind: [], flaps: [], triggers: [] } });
    expect(result.hypercare?.criteria.map(({ met }) => met)).toEqual(Array(8).fill(true));
    expect(result.hypercare?.worst.find(({ check }) => check === 'p95')).toEqual({
      check: 'p95',
      target: 'service',
      worst: '175 ms',
      guardrail: '< 350 ms',
    });
    const from = Date.parse(result.hypercare?.from ?? '');
    const times = result.hypercare?.reviews.map(({ at }) => (Date.parse(at) - from) / HOUR) ?? [];
    expect(times.map(Math.floor)).toEqual(Array.from({ length: 24 }, (_, index) => 24 + 2 * index));
    expect(Math.max(...times.map((hours) => hours - Math.floor(hours)))).toBeLessThan(2 / 60);
    expect(reviewsOf(room)).toHaveLength(24);
    expect(room.world.messages.at(-1)).toMatch(/^ARIS3 release RC\.3: hypercare over\. 72h.*all 8 exit criteria met$/);
    expect(room.world.pages.filter((page) => !page.includes('--hold closing-note'))).toEqual([]);
    const { events } = await handle.fetchHistory();
    const real = eventsOfRealRun(events ?? []);
    console.info(`events of a healthy go-live with reviews: ${real.length}, ${bytesOf(real)} bytes`);
    expect(real.length).toBeLessThanOrEqual(1_000);
    expect(bytesOf(real)).toBeLessThanOrEqual(280 * 1_024);
  },
);

thorough(
  'one reading outside a guardrail breaks the time without a break: people are told, and it ends by itself when that is made up for',
  async () => {
    const room = await lab.room(withHypercare());
    since(room, (elapsed) =>
      elapsed > 5 * HOUR && elapsed < 5 * HOUR + 70_000 ? { p95: { kind: 'value', value: 400 } } : {},
    );
    const handle = await room.start();
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'completed',
      hypercare: {
        flaps: [{ check: 'p95', times: 1 }],
        worst: expect.arrayContaining([
          { check: 'p95', target: 'service', worst: '400 ms', guardrail: '< 350 ms' },
        ]) as unknown,
      },
    });
    const lasted = Date.parse(result.hypercare?.to ?? '') - Date.parse(result.hypercare?.from ?? '');
    expect(lasted).toBeGreaterThanOrEqual(7 * HOUR);
    // What is seen here of a segment that is cut short is as old as at its end: as much as a segment may be missing.
    expect(lasted).toBeLessThan(7 * HOUR + LONGEST_SEGMENT);
    expect(whatHappened(result).find((what) => what.startsWith('hold hypercare-end'))).toMatch(
      /p95: inside < 350 ms for .* of 2h, at the earliest at 20/,
    );
    expect(whatHappened(result)).toContain('hold hypercare-end closed: no answer needed any more');
    // Also while it lasts longer: at 2, 3, 4, 5 hours, not on its planned end, and at 7.
    expect(
      reviewsOf(room)
        .map((text) => /T\+(\d+)h/.exec(text)?.[1])
        .slice(0, 4),
    ).toEqual(['2', '3', '4', '5']);
    expect(reviewsOf(room).length).toBeLessThanOrEqual(5);
  },
);

thorough('that somebody ends it anyway is what its end says, and not that the release is live', async () => {
  const room = await lab.room(withHypercare());
  since(room, () => ({ p95: { kind: 'value', value: 400 } }));
  const handle = await room.start({ until: '7h' });
  await openHold(handle, 'hypercare-end');
  await decide(handle, 'hypercare-end', 'end-anyway');
  expect((await handle.result()).summary).toMatch(
    /^hypercare of RC\.3 was ended by Bea: looked at it; not met then: .*p95/,
  );
});

thorough('a time without readings breaks it too, and is in the reviews', async () => {
  const room = await lab.room(withHypercare());
  since(room, (elapsed) =>
    elapsed > 5 * HOUR + 10 * MINUTE && elapsed < 5 * HOUR + 20 * MINUTE
      ? { 'error-rate': { kind: 'none', text: 'ECONNREFUSED' } }
      : {},
  );
  const result = await (await room.start()).result();
  expect(result.outcome).toBe('completed');
  expect(Date.parse(result.hypercare?.to ?? '') - Date.parse(result.hypercare?.from ?? '')).toBeGreaterThanOrEqual(
    7 * HOUR + 19 * MINUTE,
  );
  expect(result.hypercare?.blind).toMatchObject([{ check: 'error-rate', target: 'service' }]);
  expect(whatHappened(result).some((what) => what.startsWith('hold blind'))).toBe(true);
});

describe('the closing note', () => {
  const noted = withHypercare({
    for: 2 * HOUR,
    windows: [],
    exit: { clean: HOUR, closingNote: 'Is everything written down?' },
  });

  thorough('is asked at the end with the summary, and its way out rolls back', async () => {
    const room = await lab.room(noted);
    const handle = await room.start({ until: '2h30m' });
    const hold = await openHold(handle, 'closing-note');
    expect(hold).toMatchObject({ choices: ['acknowledge', 'roll-back'] });
    expect(hold?.reason).toMatch(/^Is everything written down\? 2h.*the worst: /);
    await decide(handle, 'closing-note', 'roll-back');
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { kind: 'decision', by: 'Bea' },
      hypercare: { triggers: [] },
    });
  });

  thorough('is taken back when something breaks meanwhile, and asked again', async () => {
    const room = await lab.room(noted);
    since(room, (elapsed) =>
      elapsed > 2.5 * HOUR && elapsed < 2.6 * HOUR ? { p95: { kind: 'value', value: 400 } } : {},
    );
    const handle = await room.start({ until: '3h' });
    expect((await statusWhen(handle, () => true)).holds.map(({ id }) => id)).toEqual(['hypercare-end']);
    await fastForwardTo(lab.client, handle.workflowId, '4h');
    await openHold(handle, 'closing-note');
    await decide(handle, 'closing-note', 'acknowledge');
    await enableTimeSkipping(lab.client, handle.workflowId);
    const result = await handle.result();
    expect(result.outcome).toBe('completed');
    expect(whatHappened(result)).toContain('hold closing-note closed: no answer needed any more');
  });
});

describe('the live version', () => {
  // A simulated segment knows at its beginning what it will hear: what is live from now on is heard by the next one, within two hours.
  async function inHypercare(): Promise<{ room: Room; handle: Awaited<ReturnType<Room['start']>> }> {
    const room = await lab.room(withHypercare());
    return { room, handle: await room.start({ until: '30m' }) };
  }

  test('that is neither of the two releases is told, and makes a question of every trigger until it is gone', async () => {
    const { room, handle } = await inHypercare();
    room.world.live = 'RC.9';
    await fastForwardTo(lab.client, handle.workflowId, '3h');
    const hold = await openHold(handle, 'live-version');
    expect(hold?.reason).toMatch(/RC\.9 is live, which is neither RC\.3 nor RC\.2.*golive supersede/);
    const { hypercare } = await statusWhen(handle, () => true);
    expect(hypercare?.live).toEqual({ kind: 'foreign', version: 'RC.9' });
    expect(hypercare?.criteria.find(({ name }) => name === 'live version')).toMatchObject({ met: false });
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'ana' });
    expect((await openHold(handle, 'trigger-p1-alert'))?.reason).toContain('RC.9');
    await handle.signal('alert', { trigger: 'p1-alert', state: 'resolved', source: 'ana' });
    await decide(handle, 'trigger-p1-alert', 'go-on');
    room.world.live = 'RC.3';
    await fastForwardTo(lab.client, handle.workflowId, '4h');
    await statusWhen(handle, ({ holds, hypercare: now }) => holds.length === 0 && now?.live === undefined);
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'ana' });
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { by: 'trigger p1-alert' },
      hypercare: { triggers: [{ trigger: 'p1-alert' }, { trigger: 'p1-alert' }] },
    });
    expect(room.world.executed.filter((each) => each.startsWith('rollback.'))).toEqual(['rollback.1']);
  });

  thorough('that is the previous one says that somebody rolled back by hand; the way out proves it', async () => {
    const { room, handle } = await inHypercare();
    room.world.live = 'RC.2';
    await fastForwardTo(lab.client, handle.workflowId, '3h');
    expect((await openHold(handle, 'live-version'))?.reason).toContain(
      'RC.2 is live again, and golive has not rolled back',
    );
    await decide(handle, 'live-version', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision' } });
  });

  thorough('that cannot be read is neither blindness nor red, and is not called complete', async () => {
    const { room, handle } = await inHypercare();
    room.world.version = () => undefined;
    await fastForwardTo(lab.client, handle.workflowId, '6h30m');
    const { holds, blind, hypercare } = await statusWhen(handle, () => true);
    expect(holds.map(({ id }) => id)).toEqual(['hypercare-end']);
    // On a busy machine a report comes late now and then, and that time is told.
    expect(blind.filter(({ to }) => to === undefined)).toEqual([]);
    expect(hypercare?.criteria.filter(({ met }) => met !== true)).toMatchObject([
      { name: 'live version', met: 'unknown' },
    ]);
    room.world.version = () => 'RC.3';
    await enableTimeSkipping(lab.client, handle.workflowId);
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });
});

thorough('a worker that reports nothing in hypercare pages, and it ends by itself when one is back', async () => {
  // Time stands still while an activity waits for its worker: short lengths.
  const room = await lab.stoppable.room((plan) => ({
    ...plan,
    checks: plan.checks.filter(({ kind }) => kind === 'probe').map((check) => ({ ...check, every: 400, timeout: 200 })),
    triggers: plan.triggers.filter((trigger) => 'check' in trigger && ['health', 'ready'].includes(trigger.check)),
    hypercare: { for: 8_000, windows: [], reviews: { every: 1_500 }, exit: {} },
    stages: withSoak(plan, { min: 3_000, max: 60_000, settle: 500 }).stages,
  }));
  room.world.during = (name) => {
    if (name === 'smoke.1') setTimeout(() => void room.stopObserving(), 0);
  };
  const handle = await room.start();
  expect((await openHold(handle, 'blind'))?.reason).toContain('no worker has reported');
  expect((await statusWhen(handle, () => true)).phase).toBe('hypercare');
  await room.startObserving();
  expect(await handle.result()).toMatchObject({ outcome: 'completed', release: 'RC.3' });
});

thorough('a late rollback says how hypercare went until then', async () => {
  const room = await lab.room(withHypercare());
  let first = NaN;
  since(room, (elapsed, at, check) => {
    if (elapsed <= 4 * HOUR) return {};
    if (check === 'error-rate' && Number.isNaN(first)) first = at;
    return { 'error-rate': { kind: 'value', value: 0.07 } };
  });
  const result = await (await room.start()).result();
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    stop: { by: 'trigger errors' },
    hypercare: { triggers: [{ trigger: 'errors' }] },
  });
  expect(result.hypercare?.reviews.length).toBe(3);
  expect(result.hypercare?.worst).toContainEqual({
    check: 'error-rate',
    target: 'service',
    worst: '7 %',
    guardrail: '< 1 %',
  });
  expect(result.hypercare?.criteria.find(({ name }) => name === 'no open P1')).toMatchObject({ met: false });
  // It was looked at once a minute by then, and the clock is as exact as ever: each report may round it by a millisecond.
  expect(momentOf(result, 'trigger errors') - first).toBeGreaterThan(10 * MINUTE - 20);
  expect(momentOf(result, 'trigger errors') - first).toBeLessThan(11 * MINUTE);
  expect(room.world.messages.some((message) => message.includes('hypercare over'))).toBe(false);
});

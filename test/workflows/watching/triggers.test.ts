import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { hypercareWith, type Story } from '../../support/hypercare-story.js';
import { quickly, thorough } from '../../support/thorough.js';
import { decide, momentOf, openHold, statusWhen, whatHappened, WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const SECOND = 1_000;
const MINUTE = 60_000;

/** The check is looked at so often. */
const each =
  (name: string, every: number) =>
  (plan: Plan): Plan => ({
    ...plan,
    checks: plan.checks.map((check) => (check.name === name ? { ...check, every } : check)),
  });

const bad: Reading = { kind: 'bad', text: '503 in 4 ms' };
const none: Reading = { kind: 'none', text: 'ECONNREFUSED' };
const slow: Reading = { kind: 'value', value: 612 };
const failing: Reading = { kind: 'value', value: 0.06 };
/**
 * A simulated look counts from when its segment was scheduled, the workflow from when the task began that did so: a busy machine tells them apart, and looks
 * drift by as much. A real report comes after its looks. Less than any interval, so that no moment can be taken for the one of another look.
 */
const TASK = SECOND;
const EVERY = { health: 10 * SECOND, p95: 15 * SECOND, 'error-rate': 15 * SECOND };

function expectAbout(actual: number, expected: number): void {
  expect(actual).toBeGreaterThan(expected - TASK);
  expect(actual).toBeLessThan(expected + TASK);
}

// Playbook §4: "non-200 for > 2 consecutive checks".
describe('health that is not 200', () => {
  const script =
    (...looks: (Reading | undefined)[]): Story =>
    (since) =>
      looks[Math.round(since / EVERY.health)];

  thorough('twice in a row fires nothing, however often', async () => {
    const { room } = await hypercareWith(lab, 'health', script(bad, bad, undefined, bad, bad, undefined, bad, bad));
    expect(await (await room.start()).result()).toMatchObject({ outcome: 'completed' });
  });

  test('a third time in a row rolls back', async () => {
    const { room, began } = await hypercareWith(lab, 'health', script(bad, bad, undefined, bad, bad, bad));
    const result = await (await room.start()).result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      stop: {
        kind: 'trigger',
        by: 'trigger health-down',
        reason: 'health at service failed 3 in a row, the last: 503 in 4 ms',
      },
    });
    expect(momentOf(result, 'rolling back') - began()).toBeLessThanOrEqual(5 * EVERY.health + 2 * SECOND);
  });
});

// Playbook §4: "error rate exceeds hypercare threshold for 10+ minutes", "p95 latency breaches threshold for 15+ minutes".
// Their edges are rows of domain/breach-clock.test.ts too.
describe.each(
  quickly(1, [
    ['error-rate', 'errors', failing, 10 * MINUTE],
    ['p95', 'latency', slow, 15 * MINUTE],
  ] as const),
)('%s over its threshold', (check, trigger, breach, length) => {
  thorough('until a second before the time is over fires nothing', async () => {
    const { room } = await hypercareWith(
      lab,
      check,
      (since) => (since < length - SECOND ? breach : undefined),
      each(check, SECOND),
    );
    expect(await (await room.start()).result()).toMatchObject({ outcome: 'completed' });
  });

  test('for the whole time rolls back, to the second', async () => {
    const { room, began } = await hypercareWith(lab, check, () => breach);
    const result = await (await room.start()).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: `trigger ${trigger}` } });
    expectAbout(momentOf(result, 'rolling back') - began(), length);
  });

  thorough('with one clean reading in between begins again', async () => {
    const clean = length / EVERY[check] - 1;
    const { room, began } = await hypercareWith(lab, check, (since) =>
      Math.round(since / EVERY[check]) === clean ? undefined : breach,
    );
    const result = await (await room.start()).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: `trigger ${trigger}` } });
    const expected = (clean + 1) * EVERY[check] + length;
    expectAbout(momentOf(result, 'rolling back') - began(), expected);
  });

  thorough('with a gap between two breaching readings counts as a breach all the time', async () => {
    const { room, began } = await hypercareWith(lab, check, (since) =>
      since > MINUTE && since < length - MINUTE ? none : breach,
    );
    const result = await (await room.start()).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: `trigger ${trigger}` } });
    expectAbout(momentOf(result, 'rolling back') - began(), length);
  });

  thorough('without a fresh reading when the time is over fires nothing; the next reading fires', async () => {
    const back = length + 5 * MINUTE;
    const { room, began } = await hypercareWith(lab, check, (since) =>
      since > length - MINUTE && since < back ? none : breach,
    );
    const result = await (await room.start()).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: `trigger ${trigger}` } });
    expect(momentOf(result, 'rolling back') - began()).toBeGreaterThanOrEqual(back);
    expect(momentOf(result, 'rolling back') - began()).toBeLessThan(back + EVERY[check] + TASK);
  });

  thorough('without a fresh reading when the time is over: or the next reading clears', async () => {
    const { room } = await hypercareWith(lab, check, (since) =>
      since <= length - MINUTE ? breach : since < length + 5 * MINUTE ? none : undefined,
    );
    const handle = await room.start();
    await decide(handle, (await openHold(handle, 'blind'))?.id ?? '', 'go-on').catch(() => undefined); // it may have ended by itself
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });
});

describe('a breach that flaps', () => {
  thorough('never fires, and does not fill the history', async () => {
    const { room } = await hypercareWith(lab, 'p95', (since) => (Math.round(since / EVERY.p95) % 2 ? slow : undefined));
    const handle = await room.start();
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    const { events } = await handle.fetchHistory();
    expect(
      events?.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'observe').length,
    ).toBeLessThan(150);
  });

  thorough('and then stays is counted from the first reading that stayed', async () => {
    const flaps = 10 * MINUTE;
    const { room, began } = await hypercareWith(lab, 'error-rate', (since) =>
      since < flaps && Math.round(since / EVERY['error-rate']) % 2 ? undefined : failing,
    );
    const result = await (await room.start()).result();
    // The last clean one was the look before the flapping ended.
    const expected = flaps + 10 * MINUTE;
    expect(momentOf(result, 'rolling back') - began()).toBeGreaterThanOrEqual(expected - EVERY['error-rate']);
    expect(momentOf(result, 'rolling back') - began()).toBeLessThan(expected + TASK);
  });
});

thorough('a trigger without a time fires with its first reading', async () => {
  const { room } = await hypercareWith(lab, 'invariants', () => ({ kind: 'value', value: 1 }));
  expect(await (await room.start()).result()).toMatchObject({
    outcome: 'rolled-back',
    stop: { by: 'trigger violations', reason: 'invariants at service 1 > 0' },
  });
});

describe('frozen-rule drift', () => {
  test.each(
    quickly(1, [
      ['contracts', 'contract-drift'],
      ['integrity', 'integrity-drift'],
    ] as const),
  )('that %s show rolls back at once', async (check, trigger) => {
    const { room } = await hypercareWith(lab, check, () => ({
      kind: 'bad',
      text: '/aris3/stock: totals.total_units is gone',
    }));
    expect(await (await room.start()).result()).toMatchObject({
      outcome: 'rolled-back',
      stop: {
        by: `trigger ${trigger}`,
        reason: expect.stringContaining('totals.total_units is gone') as unknown as string,
      },
    });
  });
});

describe('a trigger that asks', () => {
  const transfers = { kind: 'value', value: 0.98 } as const;

  test('is a question when it fires; until it is answered nothing goes on, and no means rolling back', async () => {
    const { room } = await hypercareWith(lab, 'transfers', () => transfers);
    const handle = await room.start();
    expect(await openHold(handle, 'trigger-transfers-fail')).toMatchObject({
      choices: ['go-on', 'roll-back'],
      reason: expect.stringContaining('transfers at service: 98 % < 99 % for 15m') as unknown as string,
    });
    await decide(handle, 'trigger-transfers-fail', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision', by: 'Bea' } });
  });

  thorough('is asked once while it stays, and again when it comes again', async () => {
    const { room } = await hypercareWith(lab, 'transfers', (since) =>
      since < 25 * MINUTE || (since > 30 * MINUTE && since < 50 * MINUTE) ? transfers : undefined,
    );
    const handle = await room.start();
    const first = await openHold(handle, 'trigger-transfers-fail');
    await decide(handle, 'trigger-transfers-fail', 'go-on');
    await statusWhen(handle, ({ holds }) =>
      holds.some(({ id, openedAt }) => id === 'trigger-transfers-fail' && openedAt !== first?.openedAt),
    );
    await decide(handle, 'trigger-transfers-fail', 'go-on');
    const result = await handle.result();
    expect(result.outcome).toBe('completed');
    expect(whatHappened(result).filter((what) => what.startsWith('trigger transfers-fail'))).toHaveLength(2);
  });
});

thorough(
  '"two of three in a row" is kept when the worker that has seen them dies as its report is wanted',
  async () => {
    const room = await lab.room();
    let [died, over] = [() => {}, () => {}];
    const dead = new Promise<void>((resolve) => (died = resolve));
    const end = new Promise<void>((resolve) => (over = resolve));
    const failures: (number | undefined)[] = [];
    let verified = false;
    room.world.during = (name) => void (verified ||= name === 'smoke.1');
    room.world.watch = async (input, seen) => {
      if (!verified || !input.states.some(({ check }) => check === 'health')) return seen;
      failures.push(input.states.find(({ check }) => check === 'health')?.failures);
      if (failures.length !== 1) return seen;
      const states = seen.states.map((state) =>
        state.check === 'health' ? { ...state, standing: 'failing' as const, failures: 2 } : state,
      );
      Context.current().heartbeat({ seen: { ...seen, states, lengthMs: 100, observedMs: 100 }, at: 0, endsAt: 0 });
      died();
      await end; // it hears nothing and says nothing
      return seen;
    };
    const handle = await room.start();
    await dead;
    await handle.signal('pause', { by: 'Bea', reason: 'wait' });
    await handle.signal('resume', { by: 'Bea', reason: 'go on' });
    await handle.result();
    over();
    expect(failures.slice(0, 2)).toEqual([0, 2]);
  },
);

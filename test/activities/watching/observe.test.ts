import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { observeActivities, type ObserveInput, type ObserveRequest } from '../../../src/activities/watching/observe.js';
import type { WorkflowInfo } from '@temporalio/workflow';
import { WantedReports } from '../../../src/activities/watching/wanted-reports.js';
import { unseen, type Segment } from '../../../src/domain/watching/segment.js';
import { inRows, inTable, isTable, type Travelling } from '../../../src/domain/watching/state-table.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { SmallService } from '../../support/small-service.js';

let service: SmallService;
let lab: ActivityLab;
let wantedReports: WantedReports;
const every = 20;
const hour = 3_600_000;
const longDown = {
  name: 'health-long-down',
  check: 'health',
  consecutive: 1,
  for: 600_000,
  action: 'rollback',
} as const;

beforeEach(async () => {
  wantedReports = new WantedReports();
  service = await SmallService.open();
  await open(PATIENCE_MS);
});

/** A look may take so long. */
async function open(timeout: number): Promise<void> {
  const plan = await aris3Plan((each) => ({
    ...each,
    checks: each.checks
      .filter(({ kind }) => kind === 'probe')
      .map((check) => ({ ...check, every, timeout: check.name === 'ready' ? timeout : PATIENCE_MS })),
    triggers: [...each.triggers, longDown],
  }));
  lab = await ActivityLab.open(plan, { ARIS3_URL: service.url, ARIS3_CANARY_URL: service.url });
}
afterEach(async () => {
  await lab.close();
  await service.close();
});

const checks = [{ name: 'health' }, { name: 'ready' }];
const input = (more: Partial<ObserveInput> = {}): ObserveInput => ({
  planHash: lab.planHash,
  values: {},
  decides: false,
  states: unseen(checks, ['service']),
  segmentMs: hour,
  coalesce: false,
  ...more,
});
const ask = (more: Partial<ObserveRequest> = {}, environment = lab.environment()): Promise<Travelling<Segment>> =>
  environment.run(observeActivities(lab.dependencies, lab.read, wantedReports).observe, { ...input(), ...more });
const observe = async (more: Partial<ObserveInput> = {}, environment = lab.environment()): Promise<Segment> =>
  inRows(await ask(more, environment));

/** Two bad readings in a row. */
const two = ({ check }: { check: string }) => ({
  standing: 'failing' as const,
  failures: 2,
  last: '503',
  breaches: [{ trigger: check === 'health' ? 'health-down' : 'not-ready', count: 2 }],
});

/** Answers each look at a path with the next of these, the last one again and again. */
function script(path: string, ...statuses: (number | 'hang' | 'reset' | 'redirect')[]): void {
  let next = 0;
  service.answer = (request, response) => {
    if (request.url !== path) return void response.end('{}');
    const status = statuses[Math.min(next, statuses.length - 1)];
    next += 1;
    if (status === 'hang') return;
    if (status === 'reset') return void request.socket.destroy();
    if (status === 'redirect') return void response.writeHead(302, { location: '/elsewhere' }).end();
    response.writeHead(status ?? 200).end('{}');
  };
}

/** When each of these paths is asked for so often: every look but the last one of each has been taken by then. */
function whenAsked(times: Record<string, number>, then: () => void): void {
  const { answer } = service;
  service.answer = (request, response) => {
    const asked = (path: string) => service.requests.filter(({ url }) => url === path).length;
    if (Object.entries(times).every(([path, count]) => asked(path) >= count)) then();
    answer(request, response);
  };
}

/** A segment that is cancelled then. */
function observeUntilAsked(times: Record<string, number>, more: Partial<ObserveInput> = {}): Promise<Segment> {
  const environment = lab.environment();
  service.requests.length = 0;
  whenAsked(times, () => environment.cancel());
  return observe(more, environment);
}

test('a clean segment lasts to its end and says what it saw', async () => {
  const segment = await observe({ segmentMs: 500 });
  expect(segment.lengthMs).toBeGreaterThan(490);
  expect(segment.fired).toBeUndefined();
  expect(segment.lastUncleanAgeMs).toBeUndefined();
  expect(segment.states.map(({ check, failures }) => `${check} ${failures}`)).toEqual(['health 0', 'ready 0']);
  expect(segment.looks).toBeGreaterThan(1);
  expect(segment.observedMs).toBeGreaterThan(0);
  expect(segment.observedMs).toBeLessThanOrEqual(segment.lengthMs);
});

test('one look at everything ends when each check has been looked at, however long the segment may be', async () => {
  const { states } = await observe({ segmentMs: 100 });
  const hour = 3_600_000;
  const seen = await observe({
    once: true,
    segmentMs: hour,
    pace: hour,
    states: states.map((state) => ({ ...state, lastAgeMs: undefined, pace: hour })),
  });
  expect(seen.looks).toBe(2);
  expect(seen.states.map(({ check, standing }) => `${check} ${standing}`)).toEqual(['health clean', 'ready clean']);
});

test('who asks with a table and for one has the states in one; who asks with rows has rows', async () => {
  script('/health', 503);
  const rows = unseen(checks, ['service']).map((state) => ({ ...state, ...two(state), lastAgeMs: 0 }));
  const { states } = await ask({ ...inTable({ states: rows }), asTable: true, coalesce: true });
  expect(isTable(states)).toBe(true);
  expect(inRows({ states }, rows).states.find(({ check }) => check === 'health')).toMatchObject({ failures: 3 });
  expect(isTable((await ask({ states: rows, coalesce: true })).states)).toBe(false);
});

describe('the third non-200 in a row fires, whatever it is', () => {
  test.each([[500], [503], [404], [204], ['hang'], ['reset'], ['redirect']] as const)('%s', async (status) => {
    if (status === 'hang') {
      await lab.close();
      await open(100);
    }
    script('/ready', status);
    const segment = await observe({ coalesce: true });
    expect(segment.fired).toMatchObject([{ trigger: 'not-ready', check: 'ready', target: 'service' }]);
    expect(segment.states.find(({ check }) => check === 'ready')?.failures).toBe(3);
  });

  test('two, one good, two does not', async () => {
    script('/ready', 503, 503, 200, 503, 503, 200);
    const segment = await observeUntilAsked({ '/ready': 7 }, { coalesce: true });
    expect(segment.fired).toBeUndefined();
    expect(segment.lastUncleanAgeMs).toBeGreaterThan(0);
  });

  test('also when the row began in an earlier segment', async () => {
    script('/health', 503);
    const states = unseen(checks, ['service']).map((state) => ({ ...state, ...two(state), lastAgeMs: 0 }));
    const segment = await observe({ states, coalesce: true });
    expect(segment.fired).toMatchObject([
      { trigger: 'health-down', detail: expect.stringMatching(/^failed 3 in a row/) as unknown as string },
    ]);
    expect(service.requests.filter(({ url }) => url === '/health')).toHaveLength(1);
  });
});

test('a service that is gone is not clean', async () => {
  await service.close();
  const segment = await observe({ coalesce: true });
  expect(segment.fired?.[0]?.detail).toContain('ECONNREFUSED');
  service = await SmallService.open();
});

test('the first change ends a segment, unless the one before ended with one', async () => {
  script('/ready', 200, 200, 503, 200);
  const flipped = await observe();
  expect(flipped.fired).toBeUndefined();
  expect(flipped.states.find(({ check }) => check === 'ready')?.failures).toBe(1);
  const coalesced = await observeUntilAsked({ '/ready': 2 }, { states: flipped.states, coalesce: true });
  expect(coalesced.states.find(({ check }) => check === 'ready')?.failures).toBe(0);
});

test('a look is due an interval after the one before, also across segments', async () => {
  const states = unseen(checks, ['service']).map((state) => ({
    ...state,
    standing: 'clean' as const,
    last: '200',
    lastAgeMs: -hour,
  }));
  const segment = await observe({ states, segmentMs: 100 });
  expect(segment.looks).toBe(0);
  expect(service.requests).toEqual([]);
});

test('what is calm is looked at at its pace, anything else at its own interval at once', async () => {
  script('/ready', 503);
  const states = unseen(checks, ['service']).map((state) => ({
    ...state,
    standing: 'clean' as const,
    last: '200',
    lastAgeMs: state.check === 'ready' ? hour : 0,
    pace: hour,
  }));
  const segment = await observe({ states, segmentMs: 10 * hour, coalesce: true, pace: hour });
  expect(segment.fired).toMatchObject([{ trigger: 'not-ready' }]);
  // Its hour was over; that of health has just begun.
  expect(service.requests.map(({ url }) => url)).toEqual(['/ready', '/ready', '/ready']);
});

describe('the live version', () => {
  const releases = { release: 'RC.3', previousRelease: 'RC.2' };
  const says = (...versions: (string | undefined)[]) => {
    let next = 0;
    service.answer = (_, response) =>
      void response.end(JSON.stringify({ version: versions[Math.min(next++, versions.length - 1)] }));
  };

  test('is asked for when somebody wants to know, and ends the segment when it is foreign', async () => {
    says('RC.9');
    const segment = await observe({ values: releases, live: { answers: [] } });
    expect(segment.live).toMatchObject({
      answers: Array(5).fill('RC.9'),
      alarm: { kind: 'foreign', version: 'RC.9' },
      ageMs: expect.any(Number) as unknown,
    });
  });

  test('that nobody can read is nothing', async () => {
    says(undefined);
    const segment = await observeUntilAsked(
      { '/health': 8, '/ready': 2 },
      { values: releases, live: { answers: ['RC.3'] } },
    );
    expect(segment.live).toEqual({ answers: ['RC.3'] });
    expect(segment.states.every(({ standing }) => standing === 'clean')).toBe(true);
  });

  test('is not asked for by itself', async () => {
    says('RC.9');
    expect((await observeUntilAsked({ '/health': 3 })).live).toBeUndefined();
  });

  test('goes on with what a dead worker has heard', async () => {
    says('RC.9');
    const seen = { states: unseen(checks, ['service']), live: { answers: Array<string>(4).fill('RC.9') } };
    const segment = await observe(
      { values: releases, live: { answers: [] } },
      lab.environment({ attempt: 2, heartbeatDetails: { seen, at: Date.now(), endsAt: Date.now() + hour } }),
    );
    expect(segment.live?.alarm).toEqual({ kind: 'foreign', version: 'RC.9' });
  });
});

test('a hanging target does not delay the others', async () => {
  script('/ready', 'hang');
  const segment = await observeUntilAsked({ '/health': 3, '/ready': 1 }, { coalesce: true });
  expect(segment.states).toMatchObject([
    { check: 'health', last: expect.stringMatching(/^200/) as unknown },
    { check: 'ready', standing: 'not looked at' },
  ]);
});

test('a worker that shuts down hands over what it has seen at once', async () => {
  whenAsked({ '/health': 2 }, () => lab.shutdown.abort());
  const segment = await observe();
  expect(segment.looks).toBeGreaterThan(0);
  expect(segment.fired).toBeUndefined();
});

test('a segment whose workflow is in this worker hands over at once when its report is wanted, without a heartbeat', async () => {
  const { runId } = lab.environment().context.info.workflowExecution ?? {};
  const want = (run: string | undefined, segment: number) =>
    void wantedReports.sinks.watching.reportWanted.fn({ runId: run } as WorkflowInfo, segment);
  service.requests.length = 0;
  whenAsked({ '/health': 3, '/ready': 3 }, () => {
    want(runId, 6);
    want('another run', 7);
    if (service.requests.length >= 20) want(runId, 7);
  });
  const segment = await observe({ segment: 7, beatMs: hour });
  expect(segment.looks).toBeGreaterThan(10);
  want(runId, 7);
});

test('a segment that is cancelled hands over what it has seen at once', async () => {
  const segment = await observeUntilAsked({ '/health': 2 });
  expect(segment.looks).toBeGreaterThan(0);
  expect(segment.fired).toBeUndefined();
});

test('what a dead worker has counted goes on, the time it saw is not claimed', async () => {
  script('/health', 503);
  const states = unseen(checks, ['service']).map((state) => ({ ...state, ...two(state) }));
  const segment = await observe(
    { coalesce: true },
    lab.environment({
      attempt: 2,
      heartbeatDetails: { seen: { states }, at: Date.now(), endsAt: Date.now() + hour },
    }),
  );
  expect(segment.fired).toBeDefined();
});

// Each of these would last an hour if it were wrong.
describe('a segment goes on after its worker has died, and ends', () => {
  test('when it should have, for a breach clock is due then', async () => {
    const segment = await observe(
      {},
      lab.environment({
        attempt: 2,
        heartbeatDetails: { seen: { states: unseen(checks, ['service']) }, at: Date.now(), endsAt: Date.now() + 500 },
      }),
    );
    expect(segment.looks).toBeGreaterThan(0);
  });

  test('at once when that is over', async () => {
    const segment = await observe(
      { decides: true },
      lab.environment({
        attempt: 2,
        heartbeatDetails: {
          seen: { states: unseen(checks, ['service']) },
          at: Date.now() - 8_000,
          endsAt: Date.now() - 2_000,
        },
      }),
    );
    expect(segment.fired).toBeUndefined();
  });

  test('also without a heartbeat', async () => {
    await observe({}, lab.environment({ attempt: 2, scheduledTimestampMs: Date.now() - hour }));
    await observe(
      { segmentMs: 5_000, decides: true },
      lab.environment({ attempt: 2, scheduledTimestampMs: Date.now() - 5_000 }),
    );
  });

  test('at once with what has fired, lest a clean look makes it forgotten', async () => {
    const fired = [
      { trigger: 'health-down', check: 'health', target: 'service', detail: 'failed 3 in a row', at: hour },
    ];
    const segment = await observe(
      {},
      lab.environment({
        attempt: 2,
        heartbeatDetails: {
          seen: { states: unseen(checks, ['service']), fired },
          at: Date.now(),
          endsAt: Date.now() + hour,
        },
      }),
    );
    expect(segment.fired).toEqual(fired);
  });

  test('with what the dead one had seen: a reading that was not clean, and blindness', async () => {
    const seen = {
      states: unseen(checks, ['service']),
      lastUncleanAgeMs: 5_000,
      gaps: [{ check: 'health', target: 'service', fromAgeMs: 9_000, toAgeMs: 7_000 }],
    };
    const segment = await observe(
      {},
      lab.environment({ attempt: 2, heartbeatDetails: { seen, at: Date.now() - 1_000, endsAt: Date.now() + 100 } }),
    );
    expect(segment.lastUncleanAgeMs).toBeGreaterThanOrEqual(6_000);
    expect(segment.gaps).toMatchObject([{ check: 'health', target: 'service' }]);
    const [gap] = segment.gaps ?? [];
    expect(gap && Math.round(gap.fromAgeMs - gap.toAgeMs)).toBe(2_000);
  });

  test('in time to tell of a breach that only the dead one had seen', async () => {
    script('/health', 503);
    const breach = { trigger: longDown.name, count: 1, beganAgeMs: Math.max(60_000, longDown.for / 2) - 100 };
    const states = unseen(checks, ['service']).map((state) =>
      state.check === 'health'
        ? {
            ...state,
            standing: 'failing' as const,
            breaches: [{ trigger: 'health-down', count: 9, fired: true }, breach],
          }
        : state,
    );
    const segment = await observe(
      { coalesce: true },
      lab.environment({
        attempt: 2,
        heartbeatDetails: { seen: { states }, at: Date.now(), endsAt: Date.now() + hour },
      }),
    );
    expect(
      segment.states.flatMap(({ breaches }) => breaches.filter(({ trigger }) => trigger === longDown.name)),
    ).toMatchObject([{ beganAgeMs: expect.any(Number) as unknown as number }]);
  });
});

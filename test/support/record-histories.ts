import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import proto from '@temporalio/proto';
import type { Plan } from '../../src/domain/plan/plan.js';
import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import { closeWorkshops } from '../jest/workshops.js';
import { hypercareFor } from './hypercare-for.js';
import { digestOf, HISTORIES, readDigests, writeDigests } from './recorded-histories.js';
import type { Room, GoLiveHandle } from './workflow-lab.js';
import { goodReading } from './simulated-watch.js';
import { withRestore } from './with-restore.js';
import { decide, openHold, statusWhen, WorkflowLab } from './workflow-lab.js';

type History = proto.temporal.api.history.v1.IHistory;
const HOUR = 3_600_000;

interface Way {
  /** Of the server it is recorded on. */
  readonly settings?: DynamicConfig;
  readonly change?: (plan: Plan) => Plan;
  readonly take: (room: Room) => Promise<GoLiveHandle>;
}

/**
 * Records one go-live for each of these ways it can take, each run of its chain, into test/histories/<version>. Every later version of the workflow is held
 * to them (test/workflows/run/replaying.test.ts), because a go-live that is under way for 72 hours meets it. They are append-only: a version that is
 * recorded is never recorded again. `npm run record-histories`, once for a version that goes out.
 */
const ways: Record<string, Way['take'] | Way> = {
  completed: (room) => room.start(),
  'rolled-back-by-a-trigger': (room) => {
    let armed = false;
    room.world.during = (name) => (armed ||= name === 'deploy-canary.1');
    room.world.watch = (input, clean) =>
      armed && input.states.some(({ target }) => target === 'canary')
        ? {
            ...clean,
            observedMs: 0,
            fired: [
              {
                trigger: 'health-down',
                check: 'health',
                target: 'canary',
                detail: 'failed 3 in a row, the last: 503 in 4 ms',
              },
            ],
          }
        : clean;
    return room.start();
  },
  'rolled-back-after-an-unknown-outcome': async (room) => {
    room.world.ends['deploy-rolling-25.1'] = { kind: 'unknown', why: 'its supervisor died', alive: [] };
    const handle = await room.start();
    await openHold(handle, 'unknown-deploy-rolling-25-1');
    await decide(handle, 'unknown-deploy-rolling-25-1', 'roll-back');
    return handle;
  },
  'asked-by-a-trigger': async (room) => {
    let verified = false;
    room.world.during = (name) => (verified ||= name === 'smoke.1');
    room.world.readings = (check) =>
      verified && check.name === 'transfers' ? { kind: 'value', value: 0.98 } : goodReading(check);
    const handle = await room.start();
    await openHold(handle, 'trigger-transfers-fail');
    await decide(handle, 'trigger-transfers-fail', 'roll-back');
    return handle;
  },
  'rolled-back-by-an-alert': async (room) => {
    const handle = await room.start({ until: '3m' });
    await handle.signal('pause', { by: 'Ana', reason: 'lunch' });
    await handle.signal('promote', 'rubbish');
    await handle.signal('resume');
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'alertmanager:1' });
    return handle;
  },
  rejected: (room) => {
    room.world.live = 'RC.1';
    return room.start();
  },
  aborted: async (room) => {
    const handle = await room.start({ input: { attestations: {} } });
    await openHold(handle, 'attest-staging-parity');
    await handle.signal('abort', { by: 'Ana', reason: 'not today' });
    return handle;
  },
  'rollback-failed': async (room) => {
    room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
    room.world.ends.rollback = { kind: 'exited', exitCode: 1 };
    const handle = await room.start();
    await openHold(handle, 'rollback-failed');
    await decide(handle, 'rollback-failed', 'take-over');
    return handle;
  },
  restored: {
    change: withRestore(),
    take: async (room) => {
      room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
      const handle = await room.start({ until: '1m' });
      await openHold(handle, 'restore');
      await handle.executeUpdate<string, [object]>('approveRestore', {
        args: [{ by: 'Lea', reason: 'orders are corrupt' }],
      });
      return handle;
    },
  },
  'begun-later': (room) => room.start({ input: { startAt: new Date(Date.now() + 3_600_000).toISOString() } }),
  'gone-on-as-new': {
    settings: { 'limit.historyCount.suggestContinueAsNew': 400 },
    change: (plan) => ({ ...plan, hypercare: hypercareFor(6 * HOUR) }),
    take: (room) => {
      // Latency flaps for ten minutes of each hour, which makes history.
      let began: number | undefined;
      room.world.readings = (check, _, at) => {
        began ??= at;
        const flaps = (at - began) % HOUR < HOUR / 6 && Math.round((at - began) / 15_000) % 2 === 1;
        return flaps && check.name === 'p95' && at - began > HOUR ? { kind: 'value', value: 400 } : goodReading(check);
      };
      return room.start();
    },
  },
  superseded: async (room) => {
    const handle = await room.start({ until: '45m' });
    await statusWhen(handle, ({ phase }) => phase === 'hypercare');
    await handle.executeUpdate<string, [object]>('handOver', {
      args: [{ to: 'Bea', by: 'Ana', reason: 'my shift ends' }],
    });
    await handle.executeUpdate<string, [object]>('decide', {
      args: [{ hold: 'handover', choice: 'accept', by: 'Bea', reason: 'I am here' }],
    });
    await handle.executeUpdate<string, [object]>('supersede', {
      args: [{ release: 'RC.4', by: 'Bea', reason: 'totals are wrong' }],
    });
    return handle;
  },
  'taken-back': (room) => {
    room.world.live = 'RC.3';
    return room.start({ input: { rollback: { reason: 'refunds fail since Monday' } } });
  },
  rehearsed: (room) => room.start({ input: { dryRun: true } }),
};

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
await mkdir(HISTORIES, { recursive: true });
// Fails when it is there: what goes out next has another version.
await mkdir(path.join(HISTORIES, version));
const digests = await readDigests();
for (const [name, way] of Object.entries(ways)) {
  const { settings, change, take } = typeof way === 'function' ? { take: way, settings: {}, change: undefined } : way;
  const lab = await WorkflowLab.open(settings);
  const handle = await take(await lab.room(change));
  await handle.result();
  for (const [index, history] of (await chainOf(lab, handle.workflowId)).entries()) {
    const file = `${version}/${name}${index === 0 ? '' : `.${index + 1}`}.binpb`;
    const bytes = proto.temporal.api.history.v1.History.encode(anonymous(history)).finish();
    await writeFile(path.join(HISTORIES, file), bytes);
    digests[file] = digestOf(bytes);
    console.info(`${file}: ${history.events?.length} events`);
  }
  await lab.close();
}
await writeDigests(digests);
await closeWorkshops();

/** The histories of all runs of a chain, the first one first. */
async function chainOf({ client }: WorkflowLab, workflowId: string): Promise<History[]> {
  const chain: History[] = [];
  for (let runId: string | undefined; ;) {
    const history: History = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    chain.unshift(history);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (runId === undefined) return chain;
  }
}

/** Names of the machine that recorded are nobody's business. */
function anonymous<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    const object = value as Record<string, unknown>;
    if (typeof object['identity'] === 'string') object['identity'] = 'recorded';
    if (object['kind'] === proto.temporal.api.enums.v1.TaskQueueKind.TASK_QUEUE_KIND_STICKY) object['name'] = 'sticky';
    Object.values(object).forEach(anonymous);
  }
  return value;
}

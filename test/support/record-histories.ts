import { mkdir, writeFile } from 'node:fs/promises';
import proto from '@temporalio/proto';
import { closeWorkshops } from '../jest/workshops.js';
import type { Room, GoLiveHandle } from './workflow-lab.js';
import { goodReading } from './simulated-watch.js';
import { withRestore } from './with-restore.js';
import { decide, openHold, statusWhen, WorkflowLab } from './workflow-lab.js';

/**
 * Records one history for each of these ways a go-live can take into test/histories. The replay test holds every later version of the workflow to
 * them, because a go-live that is under way for 72 hours meets a new version of golive. Record again only with a change that may break those
 * under way, and say so in the changelog: `npm run record-histories`.
 */
const ways: Record<string, (room: Room) => Promise<GoLiveHandle>> = {
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
  restored: async (room) => {
    room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
    const handle = await room.start({ until: '1m' });
    await openHold(handle, 'restore');
    await handle.executeUpdate<string, [object]>('approveRestore', {
      args: [{ by: 'Lea', reason: 'orders are corrupt' }],
    });
    return handle;
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

const folder = 'test/histories';
await mkdir(folder, { recursive: true });
const lab = await WorkflowLab.open();
for (const [name, take] of Object.entries(ways)) {
  const handle = await take(await lab.room(name === 'restored' ? withRestore() : undefined));
  await handle.result();
  const history = await handle.fetchHistory();
  await writeFile(`${folder}/${name}.binpb`, proto.temporal.api.history.v1.History.encode(anonymous(history)).finish());
  console.info(`${name}: ${history.events?.length} events`);
}
await lab.close();
await closeWorkshops();

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

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import {
  enableTimeSkipping,
  fastForwardTo,
  startTimeSkippingServer,
  startWithTimeSkipping,
  virtualTime,
} from '../support/time-skipping.js';
import type { Diary } from './day-long.workflow.js';
import { startOwnWorker, type OwnWorker } from './own-worker.js';

const HOUR = 3_600_000;
const taskQueue = 'time-skipping';
let own: OwnWorker;
let client: Client;

beforeAll(async () => {
  const activities = { look: (hour: number) => Promise.resolve(`looked in hour ${hour}`) };
  own = await startOwnWorker(await startTimeSkippingServer(), './day-long.workflow.js', { taskQueue, activities });
  ({ client } = own);
});

afterAll(() => own.close());

async function diaryOf(workflowId: string): Promise<Diary> {
  return await client.workflow.getHandle(workflowId).query<Diary>('diary');
}

describe('time skipping', () => {
  test('72 hours of timers with activities in between pass, in order and none early', async () => {
    const handle = await startWithTimeSkipping(client, 'dayLong', { workflowId: 'three-days', taskQueue, args: [72] });
    const diary = (await handle.result()) as Diary;
    expect(diary.map(({ what }) => what)).toEqual(
      Array.from({ length: 72 }, (_, index) => `looked in hour ${index + 1}`),
    );
    diary.forEach(({ at }, index) => expect(at).toBeGreaterThanOrEqual((index + 1) * HOUR));
    expect(diary.at(-1)?.at).toBeLessThan(73 * HOUR);
  });

  test('a signal can be sent just before and just after a moment', async () => {
    const handle = await startWithTimeSkipping(client, 'dayLong', {
      workflowId: 'exact',
      taskQueue,
      args: [3],
      until: '9m59s',
    });
    await handle.signal('note', 'before');
    await fastForwardTo(client, 'exact', '10m');
    await handle.signal('note', 'after');
    const [before, after] = await diaryOf('exact');
    expect(before).toMatchObject({ what: 'before' });
    expect(before?.at).toBeGreaterThanOrEqual(599_000);
    expect(before?.at).toBeLessThan(600_000);
    expect(after).toMatchObject({ what: 'after' });
    expect(after?.at).toBeGreaterThanOrEqual(600_000);
    expect(after?.at).toBeLessThan(660_000);

    await fastForwardTo(client, 'exact', '1h30m');
    expect((await diaryOf('exact')).map(({ what }) => what)).toEqual(['before', 'after', 'looked in hour 1']);
    await expect(fastForwardTo(client, 'exact', '10m')).rejects.toThrow('10m after the start of exact is over');

    await enableTimeSkipping(client, 'exact');
    expect(await handle.result()).toHaveLength(5);
  });

  test('signals sent while time flies are handled', async () => {
    const handle = await startWithTimeSkipping(client, 'dayLong', { workflowId: 'meanwhile', taskQueue, args: [200] });
    for (let sent = 0; sent < 5; sent += 1) await handle.signal('note', `signal ${sent}`);
    const notes = ((await handle.result()) as Diary).filter(({ what }) => what.startsWith('signal'));
    expect(notes.map(({ what }) => what)).toEqual([0, 1, 2, 3, 4].map((sent) => `signal ${sent}`));
  });

  test('a moment after the end is refused', async () => {
    await expect(
      startWithTimeSkipping(client, 'dayLong', { workflowId: 'short', taskQueue, args: [1], until: '2h' }),
    ).rejects.toThrow('ended before');
    expect(await virtualTime(client, 'short')).toBeGreaterThanOrEqual(HOUR);
  });
});

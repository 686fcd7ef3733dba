import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ChannelService } from '../support/channel-service.js';
import { EndToEnd } from '../support/end-to-end.js';
import type { PlaybookData } from '../support/quick-playbook.js';
import { SmallService } from '../support/small-service.js';

let whole: EndToEnd;
let monitor: SmallService;
let duty: ChannelService;
const EVERY_MS = 400;

beforeAll(async () => {
  [monitor, duty] = await Promise.all([SmallService.open(), ChannelService.open()]);
  whole = await EndToEnd.start();
  await whole.playbook(pinging);
});
afterEach(() => whole.endLeftRun());
afterAll(async () => {
  await whole.stop();
  await Promise.all([monitor.close(), duty.close()]);
});

const pinging = (playbook: PlaybookData) =>
  Object.assign(playbook, { deadMan: { url: `${monitor.url}/ping`, every: `${EVERY_MS}ms` } });
const pings = () => monitor.requests.length;
/** Waits for pings that come after now. */
async function pinged(more = 2): Promise<void> {
  const wanted = pings() + more;
  for (const end = Date.now() + 30_000; pings() < wanted; await sleep(50))
    if (Date.now() > end) throw new Error(`no ${more} pings came within 30 s`);
}
/** Nothing comes any more, for many intervals, once what was under way has come. */
async function silent(): Promise<void> {
  await sleep(EVERY_MS);
  const before = pings();
  await sleep(6 * EVERY_MS);
  expect(pings()).toBe(before);
}

test('pings stop with the worker, with the server and with the run, and go on with another worker and with the server', async () => {
  const run = await whole.goLive([], { startAt: new Date(Date.now() + 3_600_000).toISOString() });
  await run.untilPhase('scheduled');
  await pinged();
  await whole.worker?.kill();
  await silent();
  await whole.startWorker();
  await pinged();
  await whole.withoutServer(silent);
  await pinged();
  await run.requestAbort({ by: 'Ana', reason: 'enough' });
  expect(await run.result()).toMatchObject({ outcome: 'aborted' });
  await silent();
});

test('pings go on through every phase', async () => {
  const from = pings();
  const times: number[] = [];
  monitor.answer = (_, response) => {
    times.push(Date.now());
    response.end();
  };
  const run = await whole.goLive();
  expect(await run.result()).toMatchObject({ outcome: 'completed' });
  expect(pings() - from).toBeGreaterThan(5);
  expect(times.length).toBe(pings() - from);
  await silent();
});

const terminated = /was terminated in the phase hypercare, without an outcome: by mistake/;
test('a run that is ended from outside with its release live: the pings stop, and the worker pages', async () => {
  const channels = [{ name: 'duty', kind: 'webhook', url: duty.url, gets: ['pages'] }];
  await whole.playbook((playbook) => Object.assign(pinging(playbook), { channels, hypercare: { for: '1h' } }));
  const run = await whole.goLive();
  await run.untilPhase('hypercare');
  await pinged();
  await whole.worker?.kill();
  await run.handle.terminate('by mistake');
  await whole.startWorker();
  const paged = () => duty.posts.some(({ json }) => json['kind'] === 'page' && terminated.test(String(json['text'])));
  for (const end = Date.now() + 60_000; !paged(); await sleep(50))
    if (Date.now() > end) throw new Error(`nobody was paged about it within a minute: ${JSON.stringify(duty.posts)}`);
  await silent();
});

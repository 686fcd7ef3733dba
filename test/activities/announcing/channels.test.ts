import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { ServerResponse } from 'node:http';
import { ApplicationFailure } from '@temporalio/activity';
import { deliveryActivities } from '../../../src/activities/announcing/channels/deliver.js';
import type { Channel } from '../../../src/domain/plan/playbook.js';
import { channel as channelSchema } from '../../../src/domain/plan/playbook/channel.js';
import type { Post } from '../../../src/domain/announcing/post.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { ChannelService } from '../../support/channel-service.js';
import { aris3Plan } from '../../support/scripted-world.js';

const SECRET = 'T0PS3CRET';
const LINES: Record<string, object> = {
  slack: { name: 'ops', kind: 'slack', url: '${CHAT}', timeout: '400ms' },
  pagerduty: { name: 'ops', kind: 'pagerduty', url: '${CHAT}', routingKey: '${KEY}', timeout: '400ms' },
  webhook: { name: 'ops', kind: 'webhook', url: '${CHAT}', headers: { 'X-Api-Key': '${KEY}' }, timeout: '400ms' },
};
const channelOf = (kind: string): Channel => channelSchema.parse(LINES[kind]);

let service: ChannelService;
let address: string;
const open: { close(): unknown }[] = [];
beforeEach(async () => {
  service = await ChannelService.open();
  address = service.url;
});
afterEach(async () => {
  await service.close();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const post = (more: Partial<Post> = {}): Post => ({
  id: 'go-live-prod/run-1/1',
  kind: 'message',
  event: 'started',
  text: 'ARIS3 <RC.3> & more',
  at: new Date().toISOString(),
  workflowId: 'go-live-prod',
  environment: 'prod',
  release: 'RC.3',
  ...more,
});
const page = (more: Partial<Post> = {}) => post({ kind: 'page', event: 'page', dedupKey: 'hold-1', ...more });

const containing = (text: string) => expect.stringContaining(text) as unknown as string;

/** One try. What it comes to, or the failure it ends with; neither may hold a secret. */
async function deliver(
  kind: string,
  what: Post,
  environment: Record<string, string> = { CHAT: `${address}/services/${SECRET}`, KEY: `${SECRET}key` },
) {
  const plan = await aris3Plan((each) => ({ ...each, channels: [channelOf(kind)] }));
  const lab = await ActivityLab.open(plan, environment);
  open.push(lab);
  const activity = deliveryActivities(lab.dependencies).deliver;
  const outcome = await lab
    .run(activity, { planHash: lab.planHash, channel: 'ops', post: what })
    .catch((error: unknown) => error as Error);
  const shown =
    outcome instanceof Error
      ? `${outcome.message} ${outcome.stack} ${JSON.stringify(outcome)} ${String(outcome.cause)}`
      : JSON.stringify(outcome);
  expect(shown).not.toContain(SECRET);
  expect(shown).not.toContain(address.slice('http://'.length));
  return outcome instanceof ApplicationFailure
    ? {
        fails: outcome.message,
        retried: !outcome.nonRetryable,
        ...(outcome.details?.length ? { againAfter: outcome.details[0] } : {}),
      }
    : outcome;
}

describe('what is posted', () => {
  test('to Slack: the text, with nothing in it that is markup to Slack', async () => {
    expect(await deliver('slack', post({ text: 'a <!channel> & <http://x|y>' }))).toEqual({ state: 'sent' });
    expect(service.posts).toMatchObject([
      { url: `/services/${SECRET}`, json: { text: 'a &lt;!channel&gt; &amp; &lt;http://x|y&gt;' } },
    ]);
    expect(service.posts[0]?.headers['content-type']).toContain('application/json');
  });

  test('to PagerDuty: a trigger and its end, with the dedup key of the hold', async () => {
    expect(await deliver('pagerduty', page({ text: `${'long '.repeat(400)}` }))).toEqual({ state: 'sent' });
    await deliver('pagerduty', page({ kind: 'resolve' }));
    const [trigger, resolve] = service.posts.map(({ json }) => json as { payload?: { summary: string } });
    expect(trigger).toMatchObject({
      routing_key: `${SECRET}key`,
      event_action: 'trigger',
      dedup_key: 'hold-1',
      payload: {
        source: 'go-live-prod',
        severity: 'critical',
        custom_details: { environment: 'prod', release: 'RC.3' },
      },
    });
    expect(trigger?.payload?.summary).toHaveLength(1_024);
    expect(resolve).toEqual({ routing_key: `${SECRET}key`, event_action: 'resolve', dedup_key: 'hold-1' });
  });

  test('to a webhook: the event as it is, with the headers of the plan', async () => {
    const what = page();
    expect(await deliver('webhook', what)).toEqual({ state: 'sent' });
    expect(service.posts).toMatchObject([{ json: { ...what }, headers: { 'x-api-key': `${SECRET}key` } }]);
  });

  test('long after it was said: with when that was', async () => {
    const at = new Date(Date.now() - 25 * 60_000).toISOString();
    await deliver('slack', post({ at }));
    expect(service.posts[0]?.json['text']).toBe(`ARIS3 &lt;RC.3&gt; &amp; more (said at ${at.slice(0, 16)}Z, 25m ago)`);
  });
});

// "A post is retried only when it surely wasn't accepted; otherwise it is shown as 'maybe sent'. Pages carry a dedup key and are always retried." (design §5)
const status =
  (code: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end(body);
const REFUSED = { state: 'refused' };
const MAYBE = { state: 'maybe-sent' };
const AGAIN = { retried: true };
const ANSWERS: [string, (response: ServerResponse) => void, object, object][] = [
  ['202', status(202), { state: 'sent' }, { state: 'sent' }],
  ['429', status(429), AGAIN, AGAIN],
  [
    '429 that says when',
    status(429, { 'retry-after': '30' }),
    { ...AGAIN, againAfter: 30_000 },
    { ...AGAIN, againAfter: 30_000 },
  ],
  [
    '429 that wants to be left alone for a day',
    status(429, { 'retry-after': '86400' }),
    { ...AGAIN, againAfter: 300_000 },
    { ...AGAIN, againAfter: 300_000 },
  ],
  [
    '503 that asks to come again',
    status(503, { 'retry-after': '5' }),
    { ...AGAIN, againAfter: 5_000 },
    { ...AGAIN, againAfter: 5_000 },
  ],
  [
    '503 that asks to come again at once',
    status(503, { 'retry-after': 'Thu, 26 Nov 2020 08:00:00 GMT' }),
    { ...AGAIN, againAfter: 1_000 },
    { ...AGAIN, againAfter: 1_000 },
  ],
  ['503 that says no time', status(503, { 'retry-after': '-5' }), MAYBE, AGAIN],
  ['503', status(503), MAYBE, AGAIN],
  ['500', status(500), MAYBE, AGAIN],
  ['502 of a balancer', status(502), MAYBE, AGAIN],
  [
    "404 with Slack's word for it",
    status(404, {}, 'no_service'),
    { ...REFUSED, why: 'it answered 404 no_service' },
    { ...REFUSED, why: 'it answered 404 no_service' },
  ],
  [
    '403 whose page repeats the address',
    status(403, {}, `Cannot POST /services/${SECRET}`),
    { ...REFUSED, why: 'it answered 403' },
    { ...REFUSED, why: 'it answered 403' },
  ],
  ['a redirect', status(302, { location: 'http://127.0.0.1:1/' }), REFUSED, REFUSED],
  ['nothing at all', () => undefined, MAYBE, AGAIN],
  [
    'half an answer',
    (response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('o');
      setTimeout(() => response.destroy(), 10);
    },
    MAYBE,
    AGAIN,
  ],
  ['a reset', (response) => void response.socket?.resetAndDestroy(), MAYBE, AGAIN],
  [
    'an answer without an end',
    (response) => {
      response.writeHead(200);
      response.end('x'.repeat(6 * 1024 * 1024));
    },
    MAYBE,
    AGAIN,
  ],
];

describe.each(ANSWERS)('an answer of %s', (_, answer, asMessage, asPage) => {
  beforeEach(() => void (service.answer = answer));
  test('to a message, which a second copy would harm', async () =>
    expect(await deliver('slack', post())).toMatchObject(asMessage));
  test('to a page on Slack, which is a message', async () =>
    expect(await deliver('slack', page())).toMatchObject(asMessage));
  test('to a page that has a dedup key', async () => expect(await deliver('pagerduty', page())).toMatchObject(asPage));
  test('to a page of a webhook', async () => expect(await deliver('webhook', page())).toMatchObject(asPage));
  test('to what ends a page', async () =>
    expect(await deliver('webhook', page({ kind: 'resolve' }))).toMatchObject(asPage));
  test('to a message of a webhook', async () => expect(await deliver('webhook', post())).toMatchObject(asMessage));
});

describe('what never left this machine is tried again', () => {
  const CHAT = (url: string) => ({ CHAT: `${url}/${SECRET}`, KEY: SECRET });
  const listening = async (server: Server) => {
    await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
    open.push(server);
    return (server.address() as AddressInfo).port;
  };

  test('a refused connection', async () => {
    await service.close();
    expect(await deliver('slack', post(), CHAT(address))).toMatchObject({
      fails: 'there is no connection to it (ECONNREFUSED)',
      retried: true,
    });
    service = await ChannelService.open();
  });

  test('a name that does not exist', async () =>
    expect(await deliver('slack', post(), CHAT('http://nowhere.invalid'))).toMatchObject({ retried: true }));

  test('a server that speaks no TLS', async () =>
    expect(await deliver('slack', post(), CHAT(service.url.replace('http:', 'https:')))).toMatchObject({
      fails: 'there is no connection to it (EPROTO)',
      retried: true,
    }));

  test('a server that never ends its TLS handshake', async () => {
    const port = await listening(
      createServer((socket) => socket.on('error', () => undefined).setTimeout(2_000, () => socket.destroy())),
    );
    expect(await deliver('slack', post(), CHAT(`https://127.0.0.1:${port}`))).toMatchObject({
      fails: 'there is no connection to it (ETIMEDOUT)',
      retried: true,
    });
  });

  test('a variable that this worker lacks, told by its name alone', async () =>
    expect(await deliver('pagerduty', page(), { CHAT: service.url })).toMatchObject({
      fails:
        'this worker lacks the environment variable KEY, which the channel "ops" needs: set it where the worker is started',
      retried: true,
    }));

  test('an address or a header that is none', async () => {
    expect(await deliver('slack', post(), { CHAT: `not an address ${SECRET}` })).toMatchObject({
      fails: containing('is not an http address'),
      retried: true,
    });
    expect(await deliver('slack', post(), { CHAT: `file:///${SECRET}` })).toMatchObject({ retried: true });
    expect(await deliver('webhook', post(), { CHAT: service.url, KEY: `${SECRET}\n` })).toMatchObject({
      fails: containing('a character that no header may have'),
      retried: true,
    });
    expect(service.posts).toEqual([]);
  });
});

test('a worker that stops in the middle of a post does not know what became of it', async () => {
  service.answer = () => undefined;
  const plan = await aris3Plan((each) => ({ ...each, channels: [{ ...channelOf('slack'), timeout: 30_000 }] }));
  const lab = await ActivityLab.open(plan, { CHAT: service.url });
  open.push(lab);
  const environment = lab.environment();
  const outcome = lab.run(
    deliveryActivities(lab.dependencies).deliver,
    { planHash: lab.planHash, channel: 'ops', post: post() },
    {},
    environment,
  );
  while (service.posts.length === 0) await new Promise((next) => setTimeout(next, 5));
  environment.cancel('WORKER_SHUTDOWN');
  expect(await outcome).toMatchObject({ state: 'maybe-sent' });
});

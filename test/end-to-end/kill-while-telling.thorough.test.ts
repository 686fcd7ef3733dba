import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ChannelService } from '../support/channel-service.js';
import { EndToEnd } from '../support/end-to-end.js';

let site: EndToEnd;
let chat: ChannelService;
let pager: ChannelService;
beforeAll(async () => {
  [site, chat, pager] = await Promise.all([EndToEnd.start(), ChannelService.open(), ChannelService.open()]);
});
afterAll(() => Promise.all([site?.stop(), chat?.close(), pager?.close()]));

const until = async (what: () => boolean) => {
  while (!what()) await new Promise((next) => setTimeout(next, 20));
};

// "A post is retried only when it surely wasn't accepted; otherwise it is shown as 'maybe sent'. Pages carry a dedup key and are always retried." (design §5)
test('a worker that is killed with a message and a page on their way: the message is not posted twice and shown, the page is sent again and ended', async () => {
  await site.playbook((playbook) => {
    Object.assign(playbook, {
      channels: [
        { name: 'ops', kind: 'slack', url: chat.url, gets: ['messages'], timeout: '30s' },
        { name: 'on-call', kind: 'pagerduty', url: pager.url, routingKey: 'key', timeout: '30s' },
      ],
    });
    Object.assign(playbook.stages[1] ?? {}, { gate: 'Is the canary quiet?' });
  });
  /** Other questions may come and go by themselves: a worker that is away, a look that a busy machine made late. */
  const about = (hold: string) => pager.posts.filter(({ json }) => String(json['dedup_key']).includes(hold));
  chat.answer = (response, number) => (number === 0 ? undefined : response.end('ok'));
  pager.answer = (response, _, post) =>
    about('gate-rolling-25')[0] === post ? undefined : response.writeHead(202).end();
  const run = await site.goLive();
  await until(() => chat.posts.length > 0 && about('gate-rolling-25').length > 0);
  await site.replaceWorker();
  await run.until(
    'the page was taken',
    ({ undelivered }) => about('gate-rolling-25').length > 1 && undelivered.every(({ channel }) => channel === 'ops'),
  );
  await run.decide('gate-rolling-25', 'go');
  const result = await run.result();
  expect(result.outcome).toBe('completed');
  const { release } = run.input;
  expect(chat.posts.map(({ json }) => json['text'])).toEqual([
    `ARIS3 release ${release} started (canary phase). Decision owner: Ana. Next update in 10 min.`,
    'ARIS3 canary healthy (error/latency within guardrails). Proceeding to rolling rollout 25% -&gt; 100%.',
    `ARIS3 release ${release} go-live complete. Post-deploy smoke passed. Hypercare window now active (T+72h).`,
    expect.stringContaining(`ARIS3 release ${release}: hypercare over. `),
  ]);
  expect(result.undelivered).toMatchObject([
    { channel: 'ops', event: 'started', state: 'maybe sent', why: 'the worker that sent it was lost' },
  ]);
  expect(about('gate-rolling-25').map(({ json }) => json['event_action'])).toEqual(['trigger', 'trigger', 'resolve']);
  expect(new Set(about('gate-rolling-25').map(({ json }) => json['dedup_key'])).size).toBe(1);
});

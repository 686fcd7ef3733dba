import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { quickly } from '../../support/thorough.js';
import { decide, openHold, WorkflowLab, type GoLiveHandle } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

/** JSON can say it, and no text in UTF-8 can. */
const HALF = 'a\ud800b';
const TEXTS: Record<string, string> = {
  'half of a character': HALF,
  'control characters': 'a\u001b[2J\u0007\u009b31m\u0000b',
  'text that turns round': 'a\u202eb\u2066c\u200b',
  lines: 'a\nb\r\nc\u2028d',
  markup: '<script>|`**a**`',
  'a name of every object': '__proto__',
  'much text': 'x'.repeat(10_000),
};
const PARTS =
  'hold choice by reason to release trigger state since heard value source name link signature expires data unreadable';
const everywhere = (value: unknown) => Object.fromEntries(PARTS.split(' ').map((part) => [part, value]));
const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
const VALUES: [string, unknown][] = [
  ...Object.entries(TEXTS).flatMap(([name, text]): [string, unknown][] => [
    [`${name} in each part`, everywhere(text)],
    [name, text],
    [
      `${name} as a key`,
      Object.fromEntries([
        ['by', 'Bea'],
        ['reason', 'because'],
        [text, 1],
      ]),
    ],
  ]),
  ['null', null],
  ['a number', -1e308],
  ['bytes', Buffer.from([0xff, 0xfe, 0])],
  ['lists in lists', deep],
  ['lists in lists in each part', everywhere(deep)],
  ['an empty object in each part', everywhere({})],
];

const SIGNALS = [
  'pause',
  'resume',
  'promote',
  'alert',
  'x'.repeat(900),
  TEXTS['control characters'] ?? '',
  '__proto__',
];
const UPDATES = ['decide', 'supersede', 'approveRestore', 'nobodyKnows'];
const QUERIES = ['status', 'timeline', 'alive', 'nobodyKnows'];

/** Why tasks of it could not be done. */
async function faults(handle: GoLiveHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(
    ({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: late }) => {
      if (failed) return `${failed.cause}: ${failed.failure?.message}`;
      return late ? 'timed out' : [];
    },
  );
}

// Each message counts whatever it holds, and none fails a task (design §4): every later one, an abort included, would wait behind it.
test.each(quickly(4, VALUES))('a run to which %s is sent goes on, is asked, and is aborted', async (_, value) => {
  const room = await lab.room();
  const handle = await room.start({ input: { attestations: {} }, until: '1m' });
  await openHold(handle, 'attest-open-incidents');
  await Promise.all(SIGNALS.map((signal) => handle.signal(signal, value)));
  const taken = UPDATES.map((update) =>
    handle.executeUpdate(update, { args: [value] }).then(
      () => update,
      () => undefined,
    ),
  );
  expect((await Promise.all(taken)).filter(Boolean)).toEqual([]);
  await handle.executeUpdate('handOver', { args: [value] }).catch(() => undefined);
  await Promise.all(QUERIES.map((query) => handle.query(query, value).catch(() => undefined)));
  const { holds, ineffective } = await handle.query<{ holds: { id: string }[]; ineffective: object[] }>('status');
  expect(holds.map(({ id }) => id)).toContain('attest-open-incidents');
  const timeline = await handle.query<object[]>('timeline');
  expect(JSON.stringify([ineffective, timeline])).not.toMatch(/\\u00|\\[nrt]|\u2028/);
  await handle.signal('abort', value);
  expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
  expect(await faults(handle)).toEqual([]);
});

test('a payload of 100,000 lists in each other, as no client of this SDK could send it, is none', async () => {
  const room = await lab.room();
  const handle = await room.start({ input: { attestations: {} }, until: '1m' });
  await openHold(handle, 'attest-open-incidents');
  const levels = 100_000;
  const data = Buffer.from(`{"by":${'['.repeat(levels)}${']'.repeat(levels)},"reason":"too deep"}`);
  for (const signalName of ['pause', 'alert', 'abort'])
    await lab.client.workflowService.signalWorkflowExecution({
      namespace: lab.client.options.namespace,
      workflowExecution: { workflowId: handle.workflowId },
      signalName,
      input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data }] },
    });
  expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
  expect(await faults(handle)).toEqual([]);
});

test('an answer by somebody with half of a character is told like any other', async () => {
  const room = await lab.room();
  const handle = await room.start({ input: { attestations: {}, decisionOwner: HALF }, until: '1m' });
  await openHold(handle, 'attest-open-incidents');
  await expect(decide(handle, HALF, HALF, HALF)).rejects.toMatchObject({ cause: { message: expect.any(String) } });
  await decide(handle, 'attest-open-incidents', 'confirm', HALF);
  await handle.signal('abort', { by: HALF, reason: HALF });
  expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
  expect(await faults(handle)).toEqual([]);
});

test('a start with any of them is refused', async () => {
  const { taskQueue } = (await lab.room()).world;
  const starts = VALUES.map(async ([name, value], number) => {
    const workflowId = `go-live-hostile-${number}`;
    const handle = await lab.client.workflow.start('controlledGoLive', { workflowId, taskQueue, args: [value] });
    const refused = await handle.result().then(
      () => false,
      (error: unknown) => error instanceof WorkflowFailedError,
    );
    return { name, refused, faults: await faults(handle as GoLiveHandle) };
  });
  expect(await Promise.all(starts)).toEqual(VALUES.map(([name]) => ({ name, refused: true, faults: [] })));
});

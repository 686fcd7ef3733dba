import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goLivesIn } from '../../src/journals/go-lives.js';
import { readEvidence } from '../support/read-evidence.js';
import { verifyEvidence, type Verification } from '../../src/journals/verify-evidence.js';
import { hashOf } from '../../src/plans/plan-store.js';
import { runs } from '../support/property-runs.js';
import { IN_FULL } from '../support/thorough.js';
import { stories } from '../support/watching-story.js';
import { OF, recordsOf, writeEvidence } from '../support/written-evidence.js';

let base: string;
let folder: string;
let whole: { file: string; bytes: Buffer }[];
beforeAll(async () => {
  const [story] = fc.sample(stories('calm', 'hurried'), { numRuns: 1, seed: 11 });
  ({ base, folder } = await writeEvidence(recordsOf(story!, 200_000)));
  whole = await Promise.all(
    (await readdir(folder)).map(async (file) => ({ file, bytes: await readFile(join(folder, file)) })),
  );
});
afterAll(() => rm(base, { recursive: true }));

async function verified(): Promise<Verification> {
  const [goLive] = await readEvidence(base, OF.workflowId);
  return verifyEvidence(goLive!, hashOf);
}
/** What comes of it with one file otherwise, which is put back. */
async function with_(index: number, change: (bytes: Buffer) => Buffer): Promise<Verification> {
  const { file, bytes } = whole[index]!;
  await writeFile(join(folder, file), change(Buffer.from(bytes)));
  try {
    return await verified();
  } finally {
    await writeFile(join(folder, file), bytes);
  }
}
const place = fc
  .record({ index: fc.nat({ max: 1 }), at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) })
  .map(({ index, at }) => ({ index, at }));

test('what is whole is told so', async () => {
  const { wrong, told, checked } = await verified();
  expect(wrong).toEqual([]);
  expect(told).toEqual([
    { kind: 'open', text: 'its end is not on record: it is still open, or its last records are missing' },
  ]);
  expect(checked).toMatchObject({ journals: 2, outputs: 0 });
  expect(checked.withReadings).toBe(checked.decidedBy);
  expect(checked.decidedBy).toBe(checked.verdicts['report']);
});

test('cut at any byte it still opens, and says what is missing', async () => {
  const states = { whole: 0, told: 0 };
  await fc.assert(
    fc.asyncProperty(place, async ({ index, at }) => {
      const end = Math.floor(at * whole[index]!.bytes.length);
      const { wrong, told } = await with_(index, (bytes) => bytes.subarray(0, end));
      const texts = [...wrong, ...told].filter(({ kind }) => kind !== 'open');
      // What ends with a seal is as if its writer had come no further: the journal that began after it knows.
      states[texts.length > 0 ? 'told' : 'whole'] += 1;
      const tail = whole[index]!.bytes.subarray(0, end).toString().split('\n').at(-2) ?? '';
      if (texts.length === 0) expect(tail).toContain('"kind":"seal"');
    }),
    runs(IN_FULL ? 1_000 : 80),
  );
  expect(states.whole).toBeLessThan(states.told / 5);
});

test('one changed byte is found, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async ({ index, at }, by) => {
      const where = Math.floor(at * whole[index]!.bytes.length);
      const { wrong } = await with_(index, (bytes) => {
        bytes[where] = (bytes[where]! + by) % 256;
        return bytes;
      });
      expect(wrong.map(({ kind }) => kind)).toContain('changed');
    }),
    runs(IN_FULL ? 1_000 : 60),
  );
  for (const index of [0, 1])
    for (const back of [1, 2, 3, 40])
      expect((await with_(index, (bytes) => ((bytes[bytes.length - back]! ^= 1), bytes))).wrong).not.toEqual([]);
});

test('a journal that is gone is missed by the one after it', async () => {
  const { file, bytes } = whole.find((each) => each.file.startsWith('decided'))!;
  await rm(join(folder, file));
  const { wrong } = await verified();
  await writeFile(join(folder, file), bytes);
  expect(wrong).toMatchObject([{ kind: 'missing', text: expect.stringContaining(`${file} is missing`) }]);
});

test('journals of another run are told, whether they lie beside this one’s or in the place of them', async () => {
  const { file, bytes } = whole.find((each) => each.file.startsWith('seen'))!;
  const other = bytes.toString().replaceAll(OF.runId, '01a2-other');
  const journal = join(folder, file.replace('seen-', 'seen-9'));
  await writeFile(journal, other);
  expect((await verified()).wrong).toContainEqual({
    kind: 'changed',
    text: expect.stringContaining(`was written for ${OF.workflowId}, run 01a2-other`),
  });
  await rm(journal);
  await rename(folder, `${folder}-renamed`);
  const { wrong } = await verified();
  await rename(`${folder}-renamed`, folder);
  expect(wrong).toMatchObject([{ kind: 'changed' }, { kind: 'changed' }]);
});

test('a go-live is found by the beginnings of its journals as it is read from all of them', async () => {
  const [goLive] = await readEvidence(base, OF.workflowId);
  const { firstRunId, beganAt, runs: all } = goLive!;
  expect(await goLivesIn([base, base], OF.workflowId)).toEqual([
    {
      workflowId: OF.workflowId,
      firstRunId,
      beganAt,
      runs: all.map(({ runId }) => ({ runId, firstRunId, beganAt, folders: [folder, folder] })),
    },
  ]);
  expect(await goLivesIn(base, 'go-live-elsewhere')).toEqual([]);
});

test('an output that no record names is told', async () => {
  await mkdir(join(folder, 'commands'));
  await writeFile(join(folder, 'commands', 'deploy.1.stdout.log'), 'all is well');
  const { wrong, told } = await verified();
  await rm(join(folder, 'commands'), { recursive: true });
  expect(wrong).toEqual([]);
  expect(told).toContainEqual({
    kind: 'unknown',
    text: 'commands/deploy.1.stdout.log is the output of no command on record',
  });
});

test('a copy of it in a second folder changes nothing', async () => {
  const [goLive] = await readEvidence([base, base], OF.workflowId);
  const [alone] = await readEvidence(base, OF.workflowId);
  expect(goLive?.seen).toEqual(alone?.seen);
  expect((await verifyEvidence(goLive!, hashOf)).wrong).toEqual([]);
});

test('what was forged with all its seals is found by what it does not follow from', async () => {
  const [story] = fc.sample(stories('calm'), { numRuns: 1, seed: 11 });
  const records = recordsOf(story!, 100_000);
  const at = '2026-05-02T23:00:00.000Z';
  const forged = [
    { kind: 'stop', at, stop: { kind: 'trigger', by: 'trigger never-was', reason: 'x', at } },
    { kind: 'plan', at, hash: 'sha256:0', plan: records.plan },
  ] as const;
  const decided = [
    ...records.decided,
    ...forged.map((each, index) => ({ ...each, n: records.decided.length + index })),
  ];
  const { base: other } = await writeEvidence({ ...records, decided });
  const [goLive] = await readEvidence(other, OF.workflowId);
  expect((await verifyEvidence(goLive!, hashOf)).wrong).toMatchObject([
    { kind: 'changed', text: expect.stringContaining('not the one of its hash') },
    { kind: 'unaccounted', at, text: 'it was stopped by trigger never-was, which nothing on record before has fired' },
  ]);
  await rm(other, { recursive: true });
});

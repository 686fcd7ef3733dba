import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXIT } from '../../../src/cli/exit/exit-codes.js';
import { keptGoLives, type KeptOptions } from '../../../src/cli/run/kept-go-live.js';
import type { GoLiveEvidence } from '../../../src/journals/read-evidence.js';
import { OF, recordsOf, writeEvidence } from '../../support/written-evidence.js';
import { stories } from '../../support/watching-story.js';

let base: string;
let empty: string;
beforeAll(async () => {
  const [story] = fc.sample(stories('calm'), { numRuns: 1, seed: 3 });
  ({ base } = await writeEvidence(recordsOf(story!, 20_000)));
  empty = await mkdtemp(join(tmpdir(), 'no-evidence-'));
});
afterAll(() => Promise.all([rm(base, { recursive: true }), rm(empty, { recursive: true })]));

async function found(options: Omit<KeptOptions, 'home'>): Promise<GoLiveEvidence[]> {
  const all: GoLiveEvidence[] = [];
  for await (const each of keptGoLives('prod', { home: empty, ...options })) all.push(each);
  return all;
}

test('the newest go-live, or the one with this run', async () => {
  for (const more of [{}, { run: '01a2' }, { all: true }])
    expect(await found({ evidence: [base], ...more })).toMatchObject([
      { workflowId: OF.workflowId, firstRunId: OF.runId },
    ]);
});

test('what is not there is told, with where it was looked for and what to do', async () => {
  const of = (more: Omit<KeptOptions, 'home'>) => found(more).catch((error: unknown) => error);
  expect(await of({})).toMatchObject({
    exitCode: EXIT.noGoLive,
    message: expect.stringMatching(/no evidence of go-live-prod in .*no-evidence-.*evidence\. .*--home.*--evidence/),
  });
  expect(await of({ evidence: [base], run: 'ffff' })).toMatchObject({
    exitCode: EXIT.noGoLive,
    message: expect.stringContaining('Kept here, the newest first: 1: 01a2-first'),
  });
  expect(await of({ evidence: [base], run: 'ffff', all: true })).toMatchObject({ exitCode: EXIT.usage });
  expect(await of({ evidence: [base], dryRun: true })).toMatchObject({ exitCode: EXIT.noGoLive });
});

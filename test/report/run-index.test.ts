import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compress } from '../../src/journals/journal-files.js';
import { placeOf } from '../../src/journals/place.js';
import { RunIndex, runsPage } from '../../src/report/run-index.js';
import { at, keep, RUN, slowRelease } from '../support/kept-story.js';

const LISTED = { workflowId: 'go-live-sandbox', runId: RUN, release: 'RC.4', beganAt: at(0), state: 'rolled-back' };
let folder: string;
const place = () => placeOf(folder, { workflowId: 'go-live-sandbox', runId: RUN });
const journals = () => readdirSync(place()).filter((name) => name.includes('.jsonl'));

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'run-index-'));
  keep(await slowRelease(), folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a run whose journals are compressed is listed as it was before', async () => {
  const index = new RunIndex(folder);
  expect(await index.list()).toEqual([LISTED]);
  for (const name of journals()) await compress(path.join(place(), name));
  expect(journals().every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
  expect(await index.list()).toEqual([LISTED]);
  // One that has never seen it.
  expect(await new RunIndex(folder).list()).toEqual([LISTED]);
});

test('a run that goes on is read again when it has grown', async () => {
  keep(await slowRelease({ open: true }), folder);
  const index = new RunIndex(folder);
  expect(await index.list()).toEqual([{ ...LISTED, state: 'soaking' }]);
  keep(await slowRelease(), folder);
  expect(await index.list()).toEqual([LISTED]);
});

test('a journal that nobody can read takes no other run off the list', async () => {
  const broken = placeOf(folder, { workflowId: 'go-live-prod', runId: 'r' });
  mkdirSync(broken, { recursive: true });
  writeFileSync(path.join(broken, 'decided-20260301T220000000Z-7.jsonl.gz'), 'no gzip');
  expect(await new RunIndex(folder).list()).toEqual([LISTED]);
});

test('the index links each run to its page, and says when there is none yet', () => {
  const page = runsPage([LISTED], {});
  expect(page).toContain(`<a href="/go-live-sandbox/${RUN}">go-live-sandbox</a>`);
  expect(page).toContain('<td>rolled-back</td>');
  expect(page).not.toContain('None yet.');
  expect(runsPage([], {})).toContain('None yet.');
});

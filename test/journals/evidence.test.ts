import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import type { WorkflowInfo } from '@temporalio/workflow';
import { Evidence } from '../../src/journals/evidence.js';
import { asName, placeOf } from '../../src/journals/place.js';
import { readEvidence } from '../support/read-evidence.js';
import { createLog } from '../../src/logging.js';
import { quiet } from '../support/quiet.js';

let folder: string;
const open: Evidence[] = [];
beforeEach(async () => {
  quiet();
  folder = await mkdtemp(join(tmpdir(), 'golive-evidence-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await rm(folder, { recursive: true, force: true });
});

const run = { workflowId: 'go-live-prod', runId: 'run' };
const decidedAt = (second: number, what: string) =>
  JSON.stringify({ at: `2026-11-27T00:00:0${second}.000Z`, kind: 'line', what });
/** A worker of this host, as far as evidence goes. */
function newWorker() {
  const evidence = new Evidence({ folder, host: 'host', golive: '0', build: '0', log: createLog() });
  open.push(evidence);
  const decide = (n: number, record: string) => void evidence.sinks.evidence.decided.fn(run as WorkflowInfo, n, record);
  return { evidence, decide };
}
const decided = async () =>
  (await readEvidence(folder, run.workflowId)).flatMap((each) =>
    each.decided.map((record) => `${record.n} ${record.kind === 'line' ? record.what : record.kind}`),
  );
const journals = async () => (await readdir(placeOf(folder, run))).filter((each) => each.endsWith('.jsonl'));

test('a worker that takes a run up writes nothing twice, and what the one before could not write', async () => {
  const first = newWorker();
  [0, 1].forEach((n) => first.decide(n, decidedAt(n, `line ${n}`)));
  await first.evidence.close();
  const again = newWorker();
  [0, 1].forEach((n) => again.decide(n, decidedAt(n, `line ${n}`)));
  await again.evidence.close();
  expect(await journals()).toHaveLength(1);
  const later = newWorker();
  [0, 1, 2].forEach((n) => later.decide(n, decidedAt(n, `line ${n}`)));
  await later.evidence.close();
  expect(await journals()).toHaveLength(2);
  expect(await decided()).toEqual(['0 line 0', '1 line 1', '2 line 2']);
});

test('of what two tasks have decided the later one counts, whoever writes first, and nothing that the earlier one has ahead of it', async () => {
  const [stale, taken] = [newWorker(), newWorker()];
  taken.decide(0, decidedAt(0, 'both'));
  taken.decide(1, decidedAt(6, 'taken'));
  await taken.evidence.close();
  stale.decide(0, decidedAt(0, 'both'));
  [1, 2, 3].forEach((n) => stale.decide(n, decidedAt(2, `stale ${n}`)));
  await stale.evidence.close();
  expect(await decided()).toEqual(['0 both', '1 taken']);
  taken.decide(2, decidedAt(8, 'goes on'));
  await taken.evidence.close();
  expect(await decided()).toEqual(['0 both', '1 taken', '2 goes on']);
});

const HOSTILE = [
  '../../etc',
  '..',
  '.',
  '/etc/passwd',
  'a/../../b',
  'a\\..\\b',
  'nul\0byte',
  'line\nend',
  '-rf',
  'x'.repeat(1_000),
  `${'x'.repeat(1_000)}y`,
  'ü'.repeat(300),
  'Go-Live-Prod',
  'go-live-prod',
  'GO-LIVE-PROD',
  '%2E%2E',
  '\ud800',
  'CON',
  '',
];

test('a workflow ID is one name of a folder, whatever is in it, and no two have the same, also where capitals are the same', () => {
  for (const id of HOSTILE) {
    const place = resolve(placeOf(folder, { workflowId: id, runId: id }));
    expect(place.startsWith(`${folder}${sep}`)).toBe(true);
    expect(place.slice(folder.length + 1).split(sep)).toHaveLength(2);
    expect(asName(id)).toMatch(/^[\w.%~-]{1,255}$/);
  }
  expect(new Set(HOSTILE.map((id) => asName(id).toLowerCase())).size).toBe(HOSTILE.length);
});

test('what two hostile IDs leave is read back apart', async () => {
  const { evidence } = newWorker();
  const ids = HOSTILE.filter((id) => id !== '' && id !== '\ud800');
  for (const workflowId of ids)
    evidence.see({ workflowId, runId: 'run' }, { kind: 'version', of: '1', target: 'service', text: workflowId });
  await evidence.close();
  for (const workflowId of ids)
    expect(
      (await readEvidence(folder, workflowId)).flatMap(({ seen }) =>
        seen.map((each) => each.kind === 'version' && each.text),
      ),
    ).toEqual([workflowId]);
  expect(await readdir(folder)).toHaveLength(ids.length);
});

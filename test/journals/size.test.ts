import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruled } from '../../src/domain/evidence/rules.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import { paceAt } from '../../src/domain/hypercare/hypercare-windows.js';
import { unseen } from '../../src/domain/watching/segment.js';
import { segmentLength } from '../../src/domain/watching/segment-length.js';
import { SegmentRecorder } from '../../src/domain/watching/segment-recorder.js';
import { notReported, type WatchedChecks } from '../../src/domain/watching/watch-state.js';
import type { Check } from '../../src/domain/plan/playbook.js';
import type { Reading } from '../../src/domain/watching/reading.js';
import { Journal } from '../../src/journals/journal.js';
import { sizeOf } from '../../src/keeper/evidence-folders.js';
import { seededRandom } from '../ledger/caller-process.js';
import { everyPlan } from '../support/every-plan.js';
import { thorough } from '../support/thorough.js';

const HOUR = 3_600_000;
/** What 72 h of watching may take (docs/evidence-copy.md says what they do). */
const MOST = 100_000_000;
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'golive-size-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const random = seededRandom(17);
/** As a service of some traffic answers: no two looks alike. */
function reading(check: Check): Reading {
  const milliseconds = Math.floor(20 + random() * 80);
  if (check.kind !== 'metric') return { kind: 'good', text: `200 in ${milliseconds} ms` };
  const value = check.guardrail.is === 'below' ? check.guardrail.value * random() : check.guardrail.value;
  return { kind: 'value', value, text: `${value.toPrecision(4)} of ${Math.floor(random() * 20_000)} requests` };
}

/** The evidence of so many hours of hypercare in which all is well, in bytes. */
async function watched(plan: Plan, hours: number): Promise<number> {
  const newJournal = (name: string) =>
    new Journal({
      base: folder,
      folder: join(folder, 'run'),
      name,
      header: {
        schema: 1,
        workflowId: 'go-live-prod',
        runId: 'run',
        writer: { host: 'host', pid: 1, golive: '0', build: '0', node: '0' },
      },
      failing: (error) => {
        throw error;
      },
    });
  const [seen, decided] = [newJournal('seen'), newJournal('decided')];
  let n = 0;
  let known: WatchedChecks = notReported(unseen(plan.checks, ['service']), 0);
  for (let now = 0; now < hours * HOUR;) {
    const pace = paceAt(plan.hypercare, now);
    const recorder = new SegmentRecorder({ states: known.states }, plan, now, 0, false, pace);
    const [of, length] = [`${(n += 1)}/1`, segmentLength(plan, plan.checks, 'hypercare', now)];
    const see = (at: number, record: object, matters = false) =>
      seen.add(JSON.stringify({ at: new Date(at).toISOString(), ...record }), matters);
    see(now, { kind: 'segment', id: of, ms: now, lateMs: 0, coalesce: false, pace, given: { states: known.states } });
    const end = now + length;
    const due = recorder.due(now).map(({ index, check, inMs }) => ({ index, check, at: now + Math.max(0, inMs) }));
    for (;;) {
      const next = due.reduce((one, other) => (other.at < one.at ? other : one));
      if (next.at >= end) break;
      const ms = next.at + random();
      const read = reading(next.check);
      see(ms, { kind: 'look', of, ms, check: next.check.name, target: 'service', reading: read });
      recorder.take(next.index, read, ms);
      next.at += recorder.everyMs(next.index);
      if ((n += 1) % 2_000 === 0) await seen.flush();
    }
    const report = recorder.report(end);
    see(end, { kind: 'report', of, ms: end, report });
    const inputs = { known, segment: report, seenTo: end, now: end };
    const outcome = ruled('report', inputs, plan);
    decided.add(
      JSON.stringify({ at: new Date(end).toISOString(), kind: 'verdict', rule: 'report', inputs, outcome, n }),
    );
    known = outcome.known;
    now = end;
    await Promise.all([seen.seal(), decided.seal()]);
  }
  await Promise.all([seen.flush(), decided.flush()]);
  return (await sizeOf(folder)).bytes;
}

const aris3 = () => everyPlan()['aris3'] as Plan;
/** Looks at everything each second, all the time. */
const eachSecond = (plan: Plan): Plan => ({
  ...plan,
  checks: plan.checks.map((check) => ({ ...check, every: 1_000 })),
  hypercare: { ...plan.hypercare, windows: [] },
});

test('72 h of watching by the playbook of ARIS3 take less than 100 MB', async () => {
  const bytes = await watched(aris3(), 72);
  if (process.env['GOLIVE_SIZES']) console.log(bytes);
  expect(bytes).toBeLessThan(MOST / 2);
});

test('three hours of it with a look at everything each second take no more than their part of 100 MB and one file that isn’t compressed yet', async () => {
  const bytes = await watched(eachSecond(aris3()), 3);
  if (process.env['GOLIVE_SIZES']) console.log(bytes);
  expect(bytes).toBeLessThan((MOST / 72) * 3 + (8 << 20));
});

thorough('72 h with a look at everything each second take less than 100 MB', async () => {
  const bytes = await watched(eachSecond(aris3()), 72);
  if (process.env['GOLIVE_SIZES']) console.log(bytes);
  expect(bytes).toBeLessThan(MOST);
});

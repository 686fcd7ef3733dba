import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decided, DecidedRecord, Seen, SeenRecord } from '../../src/domain/evidence/record.js';
import { ruled } from '../../src/domain/evidence/rules.js';
import { planFor, type Plan } from '../../src/domain/plan/plan.js';
import { notReported, type WatchedChecks } from '../../src/domain/watching/watch-state.js';
import { Journal } from '../../src/journals/journal.js';
import { placeOf } from '../../src/journals/place.js';
import { hashOf } from '../../src/plans/plan-store.js';
import { readPlaybookFile } from '../../src/plans/playbook-file.js';
import { watchChain } from './watching-chain.js';
import type { Story } from './watching-story.js';

export const OF = { workflowId: 'go-live-prod', runId: '01a2-first' };
const real = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
const iso = (at: number) => new Date(Date.parse('2026-05-02T22:00:00Z') + at).toISOString();

/** The evidence of a run that has watched a story, as it comes out of its journals. */
export function recordsOf(story: Story, until: number): { decided: DecidedRecord[]; seen: SeenRecord[]; plan: Plan } {
  const plan: Plan = { ...real, checks: story.checks, triggers: story.triggers };
  const chain = watchChain(plan, story.states, story.readings, story.fates, 0, until);
  const decided: (Decided & { at: string })[] = [
    { at: iso(0), kind: 'run', input: { environment: 'prod' }, firstRunId: OF.runId },
    { at: iso(0), kind: 'plan', hash: hashOf(plan), plan },
  ];
  const seen: (Seen & { at: string })[] = [];
  let known: WatchedChecks = notReported(story.states, 0);
  for (const [index, { to, readAt, segment, given, begun, lateMs, coalesce, looks }] of chain.reports.entries()) {
    const of = `${index}/1`;
    seen.push({ at: iso(begun), kind: 'segment', id: of, ms: begun, lateMs, coalesce, given });
    for (const { check, target, at, reading } of looks)
      seen.push({ at: iso(at), kind: 'look', of, ms: at, check, target, reading });
    seen.push({ at: iso(to), kind: 'report', of, ms: to, report: segment });
    const inputs = { known: { ...known }, segment, seenTo: to, now: readAt };
    const outcome = ruled('report', inputs, plan);
    decided.push({ at: iso(readAt), kind: 'verdict', rule: 'report', inputs, outcome });
    for (const { trigger } of outcome.fired)
      decided.push({
        at: iso(readAt),
        kind: 'verdict',
        rule: 'trigger',
        inputs: { trigger },
        outcome: ruled('trigger', { trigger }, plan),
      });
    known = outcome.known;
  }
  return asWritten({ decided: decided.map((each, n) => ({ ...each, n })), seen, plan });
}

const asWritten = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Writes them to journals as a worker does. Returns the folder of all evidence, and that of the run. */
export async function writeEvidence({
  decided,
  seen,
}: {
  decided: readonly DecidedRecord[];
  seen: readonly SeenRecord[];
}) {
  const base = await mkdtemp(join(tmpdir(), 'evidence-'));
  const folder = placeOf(base, OF);
  const writer = { host: 'a', pid: process.pid, golive: '0', build: '0', node: process.version };
  for (const [name, records] of Object.entries({ decided, seen })) {
    const journal = new Journal({
      base,
      folder,
      name,
      header: { schema: 1, ...OF, writer },
      failing: (error) => {
        throw error;
      },
    });
    for (const [index, record] of records.entries()) {
      journal.add(JSON.stringify(record));
      if (index % 40 === 0) await journal.seal();
    }
    await journal.seal();
  }
  return { base, folder };
}

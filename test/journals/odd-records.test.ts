import { appendFileSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KINDS } from '../../src/domain/evidence/record.js';
import { reportOf } from '../../src/domain/evidence/report/make-report.js';
import { readEvidence } from '../support/read-evidence.js';
import { verifyEvidence } from '../../src/journals/verify-evidence.js';
import { hashOf } from '../../src/plans/plan-store.js';
import { reportMarkdown } from '../../src/report/markdown.js';
import { reportPage } from '../../src/report/page.js';
import { at, keep, RUN, slowRelease } from '../support/kept-story.js';
import { runs } from '../support/property-runs.js';

let base: string;
let story: Awaited<ReturnType<typeof slowRelease>>;
let journal: string;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'odd-'));
  story = await slowRelease();
  keep(story, base);
  const place = join(base, 'go-live-sandbox', RUN);
  journal = join(
    place,
    readdirSync(place).find((name) => name.startsWith('decided'))!,
  );
  copyFileSync(journal, join(base, 'untouched'));
});
beforeEach(() => copyFileSync(join(base, 'untouched'), journal));
afterAll(() => rmSync(base, { recursive: true }));

/** What is told of the evidence with such a line behind its last seal, where everybody who can write may add one. */
async function toldWith(line: object) {
  appendFileSync(journal, `${JSON.stringify(line)}\n`);
  const [goLive] = await readEvidence(base, 'go-live-sandbox');
  const report = reportOf(goLive!);
  reportPage(report, { outputs: new Map() });
  reportMarkdown(report, {});
  return await verifyEvidence(goLive!, hashOf);
}
const n = () => story.decided.length;

test.each(KINDS)('a %s without its parts is told as a line that can’t be read, and left out', async (kind) => {
  const { wrong } = await toldWith({ kind, at: at(60), n: n() });
  expect(wrong).toContainEqual({ kind: 'changed', text: expect.stringMatching(/line \d+ can't be read$/) });
});

test.each<[string, object]>([
  ['a moment that is none', { kind: 'line', at: 'soon', what: 'x' }],
  ['a place that is none', { kind: 'line', at: at(60), what: 'x', n: 0.5 }],
  ['a place as text', { kind: 'line', at: at(60), what: 'x', n: '7' }],
  ['a rollout without a stage', { kind: 'course', at: at(60), course: { is: 'rolling-out' } }],
  ['an end without an outcome', { kind: 'course', at: at(60), course: { is: 'ended' } }],
  [
    'a value without a number',
    { kind: 'look', at: at(60), of: '1', ms: 1, check: 'c', target: 't', reading: { kind: 'value' } },
  ],
  ['a report without its segment', { kind: 'verdict', at: at(60), rule: 'report', inputs: {}, outcome: { fired: [] } }],
  ['a kind that an object has by birth', { kind: 'constructor', at: at(60) }],
])('%s is told as a line that can’t be read', async (_, line) => {
  const { wrong } = await toldWith({ n: n(), ...line });
  expect(wrong).toContainEqual({ kind: 'changed', text: expect.stringMatching(/line \d+ can't be read$/) });
});

test('whatever stands in the place of a part, the rest is told', async () => {
  const records = [...story.decided, ...story.seen] as unknown as Record<string, unknown>[];
  const odd = fc.constantFrom<unknown>(null, 7, 'x', [], {}, [null], { kind: null });
  const changed = fc.tuple(fc.constantFrom(...records), fc.nat(), odd).map(([record, index, value]) => ({
    ...record,
    [Object.keys(record)[index % Object.keys(record).length]!]: value,
  }));
  await fc.assert(
    fc.asyncProperty(changed, async (line) => {
      copyFileSync(join(base, 'untouched'), journal);
      await toldWith(line);
    }),
    runs(100),
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reportOf } from '../../../src/domain/evidence/report/make-report.js';
import { MOST_POINTS, thinned, type Point } from '../../../src/domain/evidence/report/thinned.js';
import { windowsOf } from '../../../src/domain/evidence/report/windows.js';
import { at, slowRelease } from '../../support/kept-story.js';

test('how it ended, why, and the first thing that was not as it should be', async () => {
  const report = reportOf(await slowRelease());
  expect(report).toMatchObject({
    environment: 'sandbox',
    release: 'RC.4',
    previousRelease: 'RC.3',
    outcome: 'rolled-back',
    cause: {
      by: 'trigger latency',
      text: 'p95 at canary 900 ms > 500 ms for 8s',
      evidence: { at: at(22), text: 'p95 at canary: 900 ms' },
    },
    beganAt: at(0),
    endedAt: at(40),
    lastedMs: 40_000,
    advisory: 0,
  });
  expect(report.phases.map(({ name, from, to }) => [name, from, to])).toEqual([
    ['preflight', at(0), at(10)],
    ['deploy canary', at(10), at(15)],
    ['soak canary', at(15), at(30)],
    ['stopping', at(30), at(31)],
    ['rollback', at(31), at(40)],
  ]);
  expect(report.clocks).toEqual([
    { trigger: 'latency', check: 'p95', target: 'canary', from: at(22), to: at(30), ended: 'fired' },
  ]);
  expect(report.holds).toMatchObject([
    { id: 'attest-restore-drill', from: at(2), to: at(6), choice: 'confirm', by: 'Ana' },
  ]);
});

test('of one that goes on nothing is guessed: no outcome, no end, its clock is not seen to its end', async () => {
  const report = reportOf(await slowRelease({ open: true }));
  expect(report).toMatchObject({ phase: 'soaking', asOf: at(30), clocks: [{ ended: 'not seen to its end' }] });
  for (const part of ['outcome', 'endedAt', 'cause', 'stop']) expect(report).not.toHaveProperty(part);
});

test('a measure has its limits, its firing, the milliseconds of a probe, and a break where nothing was seen', async () => {
  const { measures } = reportOf(await slowRelease());
  const [health, p95, contracts] = measures;
  expect(health).toMatchObject({ check: 'health', unit: 'ms', looks: 2 });
  expect(health?.charts[0]?.points.map(({ value, standing }) => [value, standing])).toEqual([
    [12, 'clean'],
    [undefined, 'blind'],
    [90, 'failing'],
  ]);
  expect(p95).toMatchObject({ fired: [{ at: at(30), trigger: 'latency' }], standings: { clean: 3, failing: 5 } });
  expect(p95?.lines.map(({ text }) => text)).toEqual(['guardrail < 350 ms', 'latency > 500 ms for 8s: rollback']);
  expect(contracts).not.toHaveProperty('unit');
});

test('evidence without its first records says unknown', async () => {
  const { plan: _, planHash: __, ...kept } = await slowRelease();
  void [_, __];
  const report = reportOf({ ...kept, decided: kept.decided.slice(2) });
  expect(report).toMatchObject({ environment: 'sandbox', release: 'unknown', outcome: 'rolled-back', measures: [] });
  expect(reportOf({ ...kept, decided: [], seen: [] })).toMatchObject({ release: 'unknown', phases: [], lastedMs: 0 });
});

test('a rollout before a long hypercare, and a stop in it, have pictures of their own', () => {
  const phases = [
    { name: 'preflight', is: 'preflight', from: at(0), to: at(600) },
    { name: 'hypercare', is: 'hypercare', from: at(600) },
  ] as const;
  const names = windowsOf(at(0), at(200_000), phases, { at: at(150_000) }).map(({ name }) => name);
  expect(names).toEqual(['the whole run', 'the rollout', 'around the stop']);
  expect(windowsOf(at(0), at(700), phases, { at: at(650) })).toHaveLength(1);
});

test('thinning keeps the highest and the lowest value, what failed in its bucket, and the looks around a firing', () => {
  const looks = fc.array(fc.record({ value: fc.option(fc.integer(), { nil: undefined }), bad: fc.boolean() }), {
    minLength: 601,
    maxLength: 3_000,
  });
  fc.assert(
    fc.property(looks, fc.nat(), (all, nth) => {
      const points = all.map(({ value, bad }, index): Point => {
        const standing = bad ? 'failing' : value === undefined ? 'blind' : 'clean';
        return { at: index * 1_000, standing, text: '', ...(value === undefined ? {} : { value }) };
      });
      const fired = nth % points.length;
      const kept = thinned(points, [fired * 1_000]);
      const values = (of: readonly Point[]) => of.flatMap(({ value }) => value ?? []);
      expect(kept.length).toBeLessThanOrEqual(MOST_POINTS);
      expect(Math.max(...values(kept))).toBe(Math.max(...values(points)));
      expect(Math.min(...values(kept))).toBe(Math.min(...values(points)));
      expect(kept).toEqual(expect.arrayContaining(points.slice(Math.max(0, fired - 20), fired + 21)));
      expect(kept.some(({ standing }) => standing === 'failing')).toBe(all.some(({ bad }) => bad));
      expect(kept.map((each) => each.at)).toEqual([...kept.map((each) => each.at)].sort((a, b) => a - b));
    }),
    { numRuns: 30 },
  );
});

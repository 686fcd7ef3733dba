import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { OWN_METRICS, type OwnMetric } from '../../src/domain/telemetry/own-metrics.js';
import { describeWith } from '../support/monitoring.js';
import {
  dashboardQueries,
  golivesDashboard,
  metricsIn,
  RULE_TESTS,
  rules,
  RULES,
} from '../support/monitoring-files.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const doc = readFileSync(path.join(root, 'docs/worker-metrics.md'), 'utf8');
const own: readonly OwnMetric[] = Object.values(OWN_METRICS);
const alerts = rules().flatMap(({ alert, ...rest }) => (alert === undefined ? [] : [{ alert, ...rest }]));
/** What can be asked for: a histogram is three series. */
const series = own.flatMap(({ name, kind }) =>
  kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
);

describeWith('promtool', 'the alert rules', (promtool) => {
  test('are rules to Prometheus', async () => {
    expect((await run(promtool, ['check', 'rules', RULES])).stdout).toContain(`${rules().length} rules found`);
  });

  test('fire when they should, and not before', async () => {
    const { stdout } = await run(promtool, ['test', 'rules', RULE_TESTS]).catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/SUCCESS\s*$/);
  });
});

test('each alert is seen firing and not firing by its tests', () => {
  const cases = z
    .object({
      tests: z.array(
        z.object({
          alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).optional() })),
        }),
      ),
    })
    .parse(parse(readFileSync(RULE_TESTS, 'utf8')))
    .tests.flatMap((each) => each.alert_rule_test);
  const names = (firing: boolean) =>
    new Set(cases.filter((each) => (each.exp_alerts !== undefined) === firing).map(({ alertname }) => alertname));
  expect([...names(true)].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  expect([...names(false)].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test.each(alerts)('$alert says how bad it is, what it is, and where it is told what to do', (each) => {
  expect(['info', 'warning', 'critical']).toContain(each.labels['severity']);
  expect(Object.keys(each.annotations).sort()).toEqual(['description', 'runbook', 'summary']);
  expect(each.annotations['runbook']).toBe(`docs/worker-metrics.md#${each.alert.toLowerCase()}`);
  expect(doc).toMatch(new RegExp(`^### ${each.alert}$`, 'm'));
});

test('the document has a part for no other alert', () => {
  const told = [...doc.matchAll(/^### (GoLive\w+)$/gm)].map(([, alert]) => alert);
  expect(told).toEqual(alerts.map(({ alert }) => alert));
});

test('rules and dashboard ask for metrics that there are, and the dashboard for all of them', () => {
  const asked = [...rules().map(({ expr }) => expr), ...dashboardQueries()].flatMap(metricsIn);
  expect(asked.filter((name) => name.startsWith('golive_') && !series.includes(name))).toEqual([]);
  const shown = dashboardQueries().flatMap(metricsIn);
  expect(series.filter((name) => !shown.includes(name))).toEqual([]);
});

test('the document has each metric with its kind and labels', () => {
  const rows = [...doc.matchAll(/^\| `(golive_\w+)` +\| (\w+) +\| ([^|]*?) *\|/gm)].map(
    ([, name, kind, labels = '']) => ({
      name,
      kind,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    }),
  );
  expect(rows).toEqual(own.map(({ name, kind, labels }) => ({ name, kind, labels })));
});

test('the panels of the dashboard have numbers of their own and do not overlap', () => {
  const { panels } = golivesDashboard();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const RULES = path.join(root, 'deploy/prometheus/golive.rules.yml');
export const RULE_TESTS = path.join(root, 'deploy/prometheus/golive.rules.test.yml');
const DASHBOARD = path.join(root, 'deploy/grafana/golive.json');

const rule = z.object({
  alert: z.string().optional(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const dashboard = z.object({
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.unknown() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});

/** The rules of deploy/prometheus, recording ones included. */
export const rules = (): z.output<typeof rule>[] =>
  z
    .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
    .parse(parse(readFileSync(RULES, 'utf8')))
    .groups.flatMap((group) => group.rules);

/** The dashboard of deploy/grafana, as far as tests look at it. */
export const golivesDashboard = (): z.output<typeof dashboard> =>
  dashboard.parse(JSON.parse(readFileSync(DASHBOARD, 'utf8')));

/** The queries of its panels, with everything chosen and rates over a minute. */
export const dashboardQueries = (): string[] =>
  golivesDashboard().panels.flatMap(({ targets }) =>
    targets.map(({ expr }) =>
      expr.replaceAll(/\$(namespace|environment)\b/g, '.*').replaceAll('$__rate_interval', '1m'),
    ),
  );

/** The metrics that a query names: golive's, the SDK's and Prometheus's own `up`. */
export const metricsIn = (promql: string): string[] => [
  ...new Set(promql.match(/(?<![\w:])(?:(?:golive|temporal)_\w+|up(?=\{))/g) ?? []),
];

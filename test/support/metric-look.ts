import type { Plan } from '../../src/domain/plan/plan.js';
import type { MetricCheck, Target } from '../../src/domain/plan/playbook.js';
import { playbookSchema } from '../../src/domain/plan/playbook.js';
import { planFor } from '../../src/domain/plan/plan.js';
import type { Look } from '../../src/activities/watching/readings.js';
import { SERVICE } from '../../src/domain/watching/segment.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A playbook of metric checks alone, as its file would have it. */
export interface MetricPlaybook {
  readonly metrics: object;
  readonly check: object;
  readonly triggers?: readonly object[];
  readonly url?: string;
  /** The canary's own address and label matchers. */
  readonly canary?: Pick<Target, 'url'> & { readonly selector?: string };
  /** Paths that are probed. */
  readonly probes?: readonly string[];
}

/** A look at the one metric check of such a playbook, as a worker would take it. Everything else is the sandbox's playbook. */
export function metricLook(
  { metrics, check, triggers = [], url = 'http://127.0.0.1:1', canary, probes = ['/health', '/ready'] }: MetricPlaybook,
  look: Partial<Look> = {},
): Look<MetricCheck> {
  const written = parse(readFileSync('golive.yaml', 'utf8')) as { environments: object; stages: object[] };
  const stages = written.stages.map((stage, index) =>
    index === 0 && canary ? { ...stage, targets: [{ name: 'canary', ...canary }] } : stage,
  );
  const probed = probes.map((path, index) => ({ name: `probe-${index}`, path, every: '1s' }));
  const probeTriggers = probed.map(({ name }) => ({ name, check: name, consecutive: 3, action: 'rollback' }));
  const parsed = playbookSchema.parse({
    ...written,
    environments: { prod: { url, workingDirectory: '/' } },
    metrics,
    checks: [{ name: 'metric', every: '1s', ...check }, ...probed],
    triggers: [...triggers, ...probeTriggers],
    stages,
  });
  const plan: Plan = planFor(parsed, 'prod');
  const [metric] = plan.checks;
  if (metric?.kind !== 'metric') throw new Error('expected a metric check');
  return {
    plan,
    planHash: 'sha256:1',
    target: SERVICE,
    values: { environment: 'prod', release: 'RC.3', previousRelease: 'RC.2' },
    signal: new AbortController().signal,
    ...look,
    check: metric,
  };
}

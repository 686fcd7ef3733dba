import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { planFor, type Plan } from '../../src/domain/plan/plan.js';
import { playbookSchema } from '../../src/domain/plan/playbook.js';

const written = (file: string) => parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const planOf = (file: string, environment: string, more: object = {}): Plan =>
  planFor(playbookSchema.parse({ ...written(file), ...more }), environment);

interface Parts {
  checks: object[];
  triggers: object[];
  stages: object[];
  preflight: object;
  hypercare: object;
  verify: { contracts: object };
  rollback: { restore: object };
}

/** Plans that together have every key of a playbook file, and no secret that is written out. */
export function everyPlan(): Record<string, Plan> {
  const aris3 = written('examples/aris3/golive.yaml') as unknown as Parts;
  return {
    'the sandbox': planOf('golive.yaml', 'sandbox'),
    aris3: planOf('examples/aris3/golive.yaml', 'prod', { channels: [] }),
    'a plan with everything else': planOf('examples/aris3/golive.yaml', 'prod', {
      inherit: ['PATH', 'LANG'],
      metrics: {
        prometheus: { url: '${PROM}', basic: { username: 'golive', password: '${PROM_PASSWORD}' } },
        names: { durationUnit: 's' },
      },
      control: { url: 'https://example.org/up', timeout: '1500ms' },
      checks: [
        ...aris3.checks,
        {
          name: 'queue',
          promql: 'queue_length',
          denominator: 'sum(x)',
          unit: 'number',
          every: '20s',
          guardrail: { atMost: 7 },
        },
      ],
      triggers: [
        ...aris3.triggers,
        { name: 'health-long', check: 'health', for: '30s', action: 'ask' },
        { name: 'p2-alert', external: true, for: '2m', action: 'ask' },
      ],
      preflight: {
        ...aris3.preflight,
        restoreDrill: { attest: 'Has a drill passed?' },
        stagingParity: { run: 'check-parity --strict', deadline: '3m' },
        openIncidents: { url: 'https://example.org/incidents', deadline: '20s' },
      },
      stages: aris3.stages.map((stage) => ({
        ...stage,
        gate: 'May it begin?',
        workingDirectory: '${OTHER}',
        environment: { A: '1' },
      })),
      rollback: {
        ...aris3.rollback,
        restore: {
          ...aris3.rollback.restore,
          signers: '/etc/golive/leads',
          restore: { run: ['restore', 'production now', '{manifest}'] },
        },
      },
      freezes: [
        { name: 'Christmas', from: '2026-12-20T00:00:00+01:00', to: '2027-01-02T00:00:00+01:00' },
        { name: 'weekend', weekly: { from: 'fri 16:00', to: 'mon 08:00' }, timeZone: 'Europe/Madrid' },
      ],
      evidence: {
        copy: {
          run: 'rsync -a {evidence} archive:{environment}/{release}',
          deadline: '5m',
          workingDirectory: '${OTHER}',
          environment: { RSYNC_RSH: 'ssh' },
        },
      },
      deadMan: { url: '${DEAD_MAN}', every: '1m' },
      channels: [
        { name: 'ops', kind: 'slack', url: '${SLACK}', gets: ['messages'] },
        { name: 'on-call', kind: 'pagerduty', routingKey: '${PAGERDUTY}', unansweredFor: '5m' },
        { name: 'audit', kind: 'webhook', url: '${AUDIT}', headers: { authorization: '${AUDIT_TOKEN}' } },
      ],
    }),
    'a plan that scrapes': planOf('golive.yaml', 'sandbox', {
      metrics: { scrape: { path: '/metrics', instances: ['http://a:1', 'http://b:1'], bearer: '${SCRAPE}' } },
    }),
  };
}

export type Path = readonly (string | number)[];

/** The path of every value in it that is no group and no list. */
export function leafPaths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  return Array.isArray(value)
    ? value.flatMap((each: unknown, index) => leafPaths(each, [...path, index]))
    : Object.entries(value).flatMap(([key, each]) => leafPaths(each, [...path, key]));
}

/** The plan with another value at a path: one that a file could have there as well, as far as people read it. */
export function changedAt(plan: Plan, path: Path): Plan {
  const copy = structuredClone(plan) as unknown;
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], copy);
  const key = path.at(-1) ?? '';
  const group = parent as Record<string | number, unknown>;
  group[key] = other(group[key], String(key));
  return copy as Plan;
}

const SWAPS: Readonly<Record<string, string>> = {
  ask: 'rollback',
  rollback: 'ask',
  below: 'atMost',
  atMost: 'below',
  above: 'atLeast',
  atLeast: 'above',
  'Europe/Madrid': 'Europe/Paris',
  UTC: 'Europe/Paris',
};

function other(value: unknown, key: string): unknown {
  if (typeof value === 'boolean') return !value;
  // A millisecond, a thousandth, one more of what is counted.
  if (typeof value === 'number') return key === 'value' ? value + 0.001 : value + 1;
  const text = String(value);
  if (key === 'unit' || key === 'durationUnit') return text === 'ms' ? 's' : 'ms';
  if (SWAPS[text] !== undefined && (key === 'action' || key === 'is' || key === 'timeZone')) return SWAPS[text];
  if (/^\$\{\w/.test(text)) return text.replace('${', '${X');
  // The last digit of a moment; of any other text its end.
  if (/\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?$/.test(text)) return text.replace(/\d$/, text.endsWith('1') ? '2' : '1');
  return `${text}x`;
}

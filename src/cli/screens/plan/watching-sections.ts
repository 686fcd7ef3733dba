import type { Plan } from '../../../domain/plan/plan.js';
import { masked } from '../../../domain/plan/masked.js';
import { formatBound } from '../../../domain/plan/playbook/bound.js';
import type { Check } from '../../../domain/plan/playbook.js';
import { formatDuration } from '../../../domain/time/duration.js';
import { checkText, triggerText } from '../../../domain/watching/rule-text.js';
import type { PlanSection, Row } from './plan-rows.js';

/** What is looked at, and what makes it roll back or ask (playbook §4). */
export const watchingSections = (plan: Plan): PlanSection[] => [
  { title: 'Metrics', rows: metricsRows(plan) },
  { title: 'Checks and guardrails', rows: plan.checks.map(checkRow) },
  { title: '4 Triggers', rows: plan.triggers.map((trigger): Row => [trigger.name, triggerText(trigger, plan)]) },
];

function metricsRows({ metrics, control }: Plan): Row[] {
  const { names } = metrics ?? {};
  return [
    ...(metrics
      ? [sourceRow(metrics), ['window', `rates and percentiles of ${formatDuration(metrics.window)}`] as const]
      : []),
    ...(names
      ? [
          [
            'names',
            `requests ${names.requests}, duration ${names.duration} in ${names.durationUnit}, violations ${names.violations}`,
            `labels: status ${names.status}, route ${names.route}, method ${names.method}`,
          ] as const,
        ]
      : []),
    ...(control
      ? [
          [
            'control',
            `GET ${control.url} within ${formatDuration(control.timeout)}: without its answer a service that doesn't answer is not known to be down`,
          ] as const,
        ]
      : []),
  ];
}

function sourceRow({ prometheus, scrape }: NonNullable<Plan['metrics']>): Row {
  if (prometheus) {
    const { url, bearer, basic, selector, freshFor } = prometheus;
    return [
      'from',
      `Prometheus at ${url}${selector === undefined ? '' : `, of ${selector}`}, samples at most ${formatDuration(freshFor)} old`,
      ...(bearer === undefined ? [] : [`with the bearer ${masked(bearer)}`]),
      ...(basic ? [`as ${basic.username} with ${masked(basic.password)}`] : []),
    ];
  }
  const { path = '', instances, discovery, bearer } = scrape ?? {};
  const where =
    instances?.join(', ') ?? (discovery === undefined ? "the target's own address" : `what ${discovery} lists`);
  return ['from', `GET ${path} at ${where}`, ...(bearer === undefined ? [] : [`with the bearer ${masked(bearer)}`])];
}

function checkRow(check: Check): Row {
  const often = `each ${formatDuration(check.every)}, within ${formatDuration(check.timeout)}`;
  if (check.kind !== 'metric') return [check.name, `${checkText(check)}, ${often}`];
  const { source, guardrail, unit, mayBeIdle } = check;
  return [
    check.name,
    `${checkText(check)} ${formatBound(guardrail, unit)}, ${often}${mayBeIdle ? '; may be without traffic' : ''}`,
    ...('denominator' in source ? [`there is something to measure while ${source.denominator} > 0`] : []),
  ];
}

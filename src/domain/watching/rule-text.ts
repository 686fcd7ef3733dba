import { formatDuration } from '../time/duration.js';
import { isExternal } from '../plan/playbook/trigger.js';
import { conditionText } from './reading.js';
import type { Check, CheckTrigger, MetricCheck, Playbook, Trigger } from '../plan/playbook.js';

/** What a check looks at: `GET https://…/health`, `p95`, `success-rate of POST /aris3/pos/checkout`. */
export function checkText(check: Check, base = ''): string {
  switch (check.kind) {
    case 'probe':
      return `GET ${base}${check.path}`;
    case 'metric':
      return sourceText(check.source);
    case 'contracts':
      return 'the contracts and frozen rules';
    case 'integrity':
      return 'the integrity command';
  }
}

function sourceText(source: MetricCheck['source']): string {
  if ('promql' in source) return source.promql;
  return [source.measure, source.route === undefined ? '' : 'of', source.method ?? '', source.route ?? '']
    .filter(Boolean)
    .join(' ');
}

/** When a trigger fires and what then happens: `3 bad readings in a row of GET /health: rollback`. */
export function triggerText(trigger: Trigger, { checks }: Pick<Playbook, 'checks'>): string {
  if (isExternal(trigger))
    return `an alert from outside${trigger.for ? ` that lasts ${formatDuration(trigger.for)}` : ''}: ${trigger.action}`;
  const check = checks.find(({ name }) => name === trigger.check);
  if (!check) return `${trigger.check}: ${trigger.action}`;
  return `${checkText(check)} ${firesText(trigger, check)}, looked at each ${formatDuration(check.every)}: ${trigger.action}`;
}

/** `> 500 ms for 15m`, `failing 3 times in a row` */
export function firesText(trigger: CheckTrigger, check: Check): string {
  const condition = conditionText(trigger, check);
  return [
    condition,
    ...(trigger.consecutive > 1 ? [`${trigger.consecutive} times in a row`] : []),
    ...(trigger.for > 0 ? [`for ${formatDuration(trigger.for)}`] : []),
  ].join(' ');
}

import { canonicalText, type Plan } from '../plan/plan.js';
import { isExternal } from '../plan/playbook/trigger.js';
import type { Check } from '../plan/playbook.js';
import { formatDuration } from '../time/duration.js';
import type { KeptWatch } from './kept-looks.js';

/** What is looked at has to be the same for its readings to say anything. */
const looksAt = (check: Check, { metrics }: Plan): string =>
  canonicalText(
    check.kind === 'probe'
      ? check.path
      : check.kind === 'metric'
        ? [check.source, check.unit, metrics?.window]
        : check.kind,
  );

/** The other plan as far as the looks that are kept say something of it, and what they don't. */
export function comparable(plan: Plan, other: Plan, kept: readonly KeptWatch[]) {
  const unknown: string[] = [];
  const thinned = new Set<string>();
  const seen = new Set(kept.flatMap(({ of }) => of.map(({ check }) => check)));
  const checks = other.checks.flatMap((check): Check[] => {
    const before = plan.checks.find(({ name }) => name === check.name);
    if (!before || !seen.has(check.name)) unknown.push(`${check.name} was not looked at`);
    else if (before.kind !== check.kind || looksAt(before, plan) !== looksAt(check, other))
      unknown.push(`${check.name} measures something else now: its readings of then say nothing of it`);
    else {
      if (check.every < before.every)
        unknown.push(
          `${check.name} was looked at each ${formatDuration(before.every)}, not each ${formatDuration(check.every)}: it counts the looks that there were`,
        );
      if (check.every > before.every) thinned.add(check.name);
      return [{ ...check, every: Math.max(check.every, before.every) }];
    }
    return [];
  });
  const names = checks.map(({ name }) => name);
  const triggers = other.triggers.filter((each) => isExternal(each) || names.includes(each.check));
  return { plan: { ...other, checks, triggers }, thinned, unknown };
}

/** Without the checks that say nothing, and without what came after. */
export function limited(watch: KeptWatch, { checks }: Plan, until: number): KeptWatch {
  return {
    ...watch,
    of: watch.of.filter(({ check }) => checks.some(({ name }) => name === check)),
    to: Math.min(watch.to, until),
    looks: watch.looks.filter(({ at }) => at <= until),
  };
}

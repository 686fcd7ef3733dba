import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricReadings } from '../../activities/metrics/metric-readings.js';
import type { Plan } from '../../domain/plan/plan.js';
import { formatBound } from '../../domain/plan/playbook/bound.js';
import type { MetricCheck } from '../../domain/plan/playbook.js';
import { readingText, standingOf } from '../../domain/watching/reading.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { found, LONGEST_MS, type Diagnosis } from './diagnosis.js';

/** Of one look, so that there is time for more than one. */
const METRIC_MS = 2_000;
/** The looks begin within this time. */
const LOOKS_MS = LONGEST_MS - 500 - METRIC_MS;
const LOOK_EVERY_MS = 500;
/** What a plan's selector may name; nothing is deployed. */
const VALUES = { release: 'none', previousRelease: 'none' };

/** Looks until there is a reading: what is scraped tells something from the second time on. */
export async function lookAtMetric(
  plan: Plan,
  check: MetricCheck,
  metrics: MetricReadings,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const hurried = { ...check, timeout: Math.min(check.timeout, METRIC_MS) };
  for (const end = performance.now() + LOOKS_MS; ;) {
    const reading = await metrics.read({
      plan,
      planHash: 'doctor',
      check: hurried,
      target: SERVICE,
      values: VALUES,
      signal,
    });
    const standing = standingOf(check, reading);
    if (standing === 'blind' && performance.now() < end) {
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      continue;
    }
    const detail = `${readingText(check, reading)}, expected ${formatBound(check.guardrail, check.unit)}`;
    return [
      found(
        'service',
        `${plan.environment.name}: ${check.name}`,
        standing === 'blind' || standing === 'failing' ? 'bad' : 'ok',
        detail,
        {
          cure:
            standing === 'failing'
              ? 'It is outside its guardrail now: the preflight would fail.'
              : 'There is no reading: the preflight would fail, and later golive would be blind. Correct metrics or the check in the playbook file (docs/metrics.md).',
        },
      ),
    ];
  }
}

import type { Plan } from '../plan/plan.js';

/**
 * The paths golive itself asks for. What it counts as traffic leaves them out: its own looks must neither thin out the errors of real requests nor
 * make a service that nobody uses look busy and well. Frameworks label a request without its query; some label it with all of it.
 */
export function ownPaths({ checks, liveVersion, metrics }: Pick<Plan, 'checks' | 'liveVersion' | 'metrics'>): string[] {
  const probed = checks.flatMap((check) => (check.kind === 'probe' ? [check.path] : []));
  const asked = [...probed, liveVersion.path, ...(metrics?.scrape ? [metrics.scrape.path] : [])];
  return [...new Set(asked.flatMap((path) => [path.replace(/[?#].*$/s, ''), path]))];
}

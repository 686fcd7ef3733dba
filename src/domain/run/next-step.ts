import type { GoLiveStatus } from './status.js';

/** The step that comes next on the way forward, which a pause holds: `the deploy of rolling-25`. Undefined where there is none. */
export function nextStep({
  phase,
  stages,
  outcome,
  stop,
}: Pick<GoLiveStatus, 'phase' | 'stages' | 'outcome' | 'stop'>): string | undefined {
  if (outcome !== undefined || stop) return undefined;
  switch (phase) {
    case 'scheduled':
      return 'the preflight';
    case 'preflight':
    case 'deploying':
    case 'soaking': {
      const next = stages.find(({ state }) => state === 'pending' || state === 'waiting at its gate');
      return next ? `the deploy of ${next.name}` : 'the verification';
    }
    case 'verifying':
      return 'hypercare';
    case 'hypercare':
      return 'the end of hypercare';
    default:
      return undefined;
  }
}

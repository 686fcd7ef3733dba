import { proxyActivities } from '@temporalio/workflow';
import type { AnnouncementActivities } from '../activities/announcing/announcements.js';
import type { DeliveryActivities } from '../activities/announcing/channels/deliver.js';
import type { CommandActivities } from '../activities/commands/commands.js';
import type { DeadManActivities } from '../activities/announcing/dead-man.js';
import type { ObserveActivities } from '../activities/watching/observe.js';
import type { OpeningActivities } from '../activities/opening.js';
import type { ProofActivities } from '../activities/preflight/proofs.js';
import type { DrillActivities, ReferenceActivities } from '../activities/preflight/references.js';
import type { RehearsalActivities } from '../activities/preflight/rehearsals.js';
import type { RestoreActivities } from '../activities/rollback/restores.js';
import type { SegmentBounds } from '../domain/watching/segment-bounds.js';
import type { RuleActivities } from '../activities/contracts/rules.js';

/** A dead worker's activity is tried again after this silence; shorter gains nothing (design §9). */
const HEARTBEAT = '5s';
const RETRY = { initialInterval: '500ms', backoffCoefficient: 1.5, maximumInterval: '5s' } as const;

/** The first contact of a run: what can't be opened in half a minute is refused. */
export const opening = proxyActivities<OpeningActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '30s',
  retry: RETRY,
});

export const host = proxyActivities<Pick<CommandActivities, 'takeHost'>>({ startToCloseTimeout: '10s', retry: RETRY });

/** Looks and proofs change nothing, so each is simply tried again until it has an answer. */
export const proofs = proxyActivities<ProofActivities>({
  startToCloseTimeout: '24h',
  heartbeatTimeout: HEARTBEAT,
  retry: RETRY,
});

export const references = proxyActivities<ReferenceActivities & RehearsalActivities>({
  startToCloseTimeout: '1m',
  retry: { ...RETRY, maximumAttempts: 5 },
});

export const announcements = proxyActivities<AnnouncementActivities>({
  startToCloseTimeout: '5s',
  retry: { ...RETRY, maximumInterval: '1m' },
});

/** What a worker makes of states as a table that knows rows alone. */
export const KNOWS_ROWS_ALONE = 'TypeError';

/**
 * One segment of watching. Without bounds, in a run that 0.1.0 began, a timer of the run sees to it that a late report is noticed.
 * @param heartbeatMs after so long without a sign of life its worker is heard of no more, in milliseconds
 * @param refusable a worker that can't read it fails it at once, and nobody tries it again
 */
export const watching = (taskQueue: string, heartbeatMs: number, bounds?: SegmentBounds, refusable = false) =>
  proxyActivities<ObserveActivities>({
    taskQueue,
    ...(bounds
      ? { scheduleToStartTimeout: bounds.startsWithinMs, scheduleToCloseTimeout: bounds.endsWithinMs }
      : { startToCloseTimeout: '3h' }),
    heartbeatTimeout: heartbeatMs,
    retry: {
      ...RETRY,
      maximumInterval: '1s',
      nonRetryableErrorTypes: [
        ...(bounds?.outlivesWorker === false ? ['TemporalTimeout:Heartbeat'] : []),
        ...(refusable ? [KNOWS_ROWS_ALONE] : []),
      ],
    },
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });

/**
 * Nobody waits for the last ping.
 * @param heartbeatMs as of `watching`
 */
export const pinging = (taskQueue: string, heartbeatMs: number) =>
  proxyActivities<DeadManActivities>({
    taskQueue,
    startToCloseTimeout: '3h',
    heartbeatTimeout: heartbeatMs,
    retry: { ...RETRY, maximumInterval: '1s' },
  });

export type HostActivities = Omit<CommandActivities, 'takeHost'> & DrillActivities & RuleActivities & RestoreActivities;

const hostActivities = (where: { taskQueue?: string; scheduleToStartTimeout?: number }) =>
  proxyActivities<HostActivities>({
    ...where,
    startToCloseTimeout: '24h',
    heartbeatTimeout: HEARTBEAT,
    retry: { ...RETRY, maximumInterval: '1s' },
    // Where tasks wait for a worker that is busy, these are the first.
    priority: { priorityKey: 1 },
  });

/** Commands go to the host that took the run's first one. Without `patienceMs` the call waits for that host without an end. */
export const onHost = (taskQueue: string, patienceMs?: number): HostActivities =>
  hostActivities({ taskQueue, ...(patienceMs === undefined ? {} : { scheduleToStartTimeout: patienceMs }) });

/**
 * The same asked of whoever polls the run's own queue, first of all the worker that has just decided: the server then begins it with the decision's own
 * answer (an eager start). One of another host does nothing and says `OTHER_HOST`.
 */
export function besideTheRun(taskQueue: string, patienceMs: number): HostActivities {
  const activities = hostActivities({ scheduleToStartTimeout: patienceMs });
  return new Proxy(activities, {
    get: (_, name: keyof HostActivities) => (input: object) =>
      (activities[name] as (input: object) => Promise<unknown>)({ ...input, host: taskQueue }),
  });
}

/** How long a post is tried. */
export type Persistence = 'once' | 'for an hour' | 'until taken';

/** What may be taken twice is not sent again after a worker died with it: it may have been taken. */
const ONLY_WHEN_SURE = { nonRetryableErrorTypes: ['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'] };

/** A post to a channel that has `timeoutMs` to answer. One that is given up is over only when nothing of it is on its way. */
export const delivery = (taskQueue: string, timeoutMs: number, persistence: Persistence) =>
  proxyActivities<DeliveryActivities>({
    taskQueue,
    startToCloseTimeout: timeoutMs + 10_000,
    heartbeatTimeout: HEARTBEAT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    ...{
      once: { scheduleToStartTimeout: '1h', retry: { maximumAttempts: 1 } },
      'for an hour': {
        scheduleToStartTimeout: '59m',
        scheduleToCloseTimeout: '1h',
        retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m', ...ONLY_WHEN_SURE },
      },
      'until taken': { retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '30s' } },
    }[persistence],
  });

/** Somebody waits for the answer: what can't be looked at soon is refused, and can be sent again. */
export const signatures = (taskQueue: string) =>
  proxyActivities<Pick<RestoreActivities, 'verifyApproval'>>({
    taskQueue,
    startToCloseTimeout: '15s',
    scheduleToCloseTimeout: '30s',
    retry: RETRY,
  });

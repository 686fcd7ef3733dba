import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploymentOf, setCurrentCommand } from './deployment.js';
import { queueBuilds } from './queue-builds.js';
import { milliseconds } from './timestamp.js';
import { isGrpcServiceError } from './sdk.js';

const CALL_MS = 5_000;
const AGAIN_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const FAILED_PRECONDITION = 9;
const NOT_FOUND = 5;

/** A build of a deployment as the server knows it. */
export interface KnownBuild {
  readonly id: string;
  /** When it first polled, epoch milliseconds. */
  readonly firstSeen: number;
  /** It has had new runs before: all of them, or a share (ramping). */
  readonly hadNewRuns: boolean;
}

/** What is to be done about a build whose worker has started: nothing, to make it current, to wait until the server knows it, or to leave it to people. */
export type Routing =
  { readonly kind: 'is-current' | 'make-current' | 'not-known' } | { readonly kind: 'leave'; readonly why: string };

/**
 * Decides whether a build becomes the one that new runs go to. It does once, the first time that a worker of it starts. One that has had its turn, or is older than
 * the current one, is left to people: an old worker that starts again takes nothing back.
 */
export function routingOf(own: string, builds: readonly KnownBuild[], current: string | undefined): Routing {
  if (current === own) return { kind: 'is-current' };
  const build = builds.find(({ id }) => id === own);
  if (!build) return { kind: 'not-known' };
  const instead = named(current);
  if (build.hadNewRuns) return { kind: 'leave', why: `it has had its turn, and now they go to ${instead}` };
  const newer = builds.find(({ id, firstSeen }) => id === current && firstSeen > build.firstSeen);
  if (newer) return { kind: 'leave', why: `they go to ${instead}, which is newer` };
  return { kind: 'make-current' };
}

/**
 * Sees to it that new runs go to a build whose worker has started, where {@link routingOf} says so. Tries until the server has answered or `signal` comes.
 * @returns why new runs don't go to it, with what to paste; undefined when they do, and when the signal came first
 */
export async function routeNewRuns(
  client: Client,
  { taskQueue, buildId }: { readonly taskQueue: string; readonly buildId: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const leave = (why: string) => noNewRuns(taskQueue, buildId, why);
  for (let wait = AGAIN_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      const routing = await client.withAbortSignal(signal, () =>
        client.withDeadline(Date.now() + CALL_MS, () => routeOnce(client, taskQueue, buildId)),
      );
      if (routing.kind === 'leave') return leave(routing.why);
      if (routing.kind === 'is-current') return undefined;
    } catch (error) {
      const refused = isGrpcServiceError(error) && REFUSALS.includes(error.code);
      if (refused) return leave(`the server refuses it (${error.details})`);
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** No permission, no such call on an older server, an argument that it doesn't take. */
const REFUSALS: readonly number[] = [3, 7, 12, 16];

async function routeOnce(client: Client, taskQueue: string, buildId: string): Promise<Routing> {
  const { namespace, identity } = client.options;
  const deploymentName = deploymentOf(taskQueue);
  const found = await client.workflowService.describeWorkerDeployment({ namespace, deploymentName }).catch(notYet);
  if (!found) return { kind: 'not-known' }; // its worker is about to poll
  const { workerDeploymentInfo: info, conflictToken } = found;
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId || undefined;
  const routing = routingOf(buildId, (info?.versionSummaries ?? []).map(knownBuild), current);
  if (routing.kind !== 'make-current') return routing;
  try {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName,
      buildId,
      conflictToken,
      identity,
    });
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== FAILED_PRECONDITION) throw error;
    // Somebody has changed it meanwhile: looked at again.
    return /conflict token/i.test(error.details)
      ? routing
      : { kind: 'leave', why: `the server refuses it (${error.details})` };
  }
  return { kind: 'is-current' };
}

function knownBuild({
  deploymentVersion,
  createTime,
  firstActivationTime,
  currentSinceTime,
  rampingSinceTime,
}: temporal.api.deployment.v1.WorkerDeploymentInfo.IWorkerDeploymentVersionSummary): KnownBuild {
  return {
    id: deploymentVersion?.buildId ?? '',
    firstSeen: milliseconds(createTime) ?? 0,
    hadNewRuns: [firstActivationTime, currentSinceTime, rampingSinceTime].some((at) => milliseconds(at) !== undefined),
  };
}

function notYet(error: unknown): undefined {
  if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return undefined;
  throw error;
}

/**
 * Why new runs don't go to a worker that leaves the current build as it is, with what to paste; undefined when they do, or the server doesn't tell.
 * @param buildId its build; undefined for a worker without versioning
 */
export async function newRunsGoElsewhere(
  client: Client,
  taskQueue: string,
  buildId: string | undefined,
): Promise<string | undefined> {
  const queue = await client
    .withDeadline(Date.now() + CALL_MS, () => queueBuilds(client, client.options.namespace, taskQueue, 'workflows'))
    .catch(() => undefined);
  if (!queue || queue.current === buildId) return undefined;
  return buildId === undefined
    ? `New runs go to build ${queue.current}, and this worker runs without versioning: it gets none. Start it with --versioning, or give up versioning: ${setCurrentCommand(taskQueue, undefined)}`
    : noNewRuns(taskQueue, buildId, `they go to ${named(queue.current)}, and it was started to leave that as it is`);
}

const noNewRuns = (taskQueue: string, buildId: string, why: string): string =>
  `New runs don't go to this worker's build ${buildId}: ${why}. To change that: ${setCurrentCommand(taskQueue, buildId)}`;

/** Who takes new runs while this is the current build. */
const named = (build: string | undefined): string =>
  build === undefined ? 'workers without versioning' : `build ${build}`;

import { getHeapStatistics } from 'node:v8';
import { Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { announcementActivities, type AnnouncementOutlets } from './activities/announcing/announcements.js';
import { deliveryActivities } from './activities/announcing/channels/deliver.js';
import { commandActivities } from './activities/commands/commands.js';
import { outputActivities } from './activities/commands/output-activity.js';
import type { Dependencies } from './activities/dependencies.js';
import { deadManActivities } from './activities/announcing/dead-man.js';
import { MetricReadings } from './activities/metrics/metric-readings.js';
import { observeActivities } from './activities/watching/observe.js';
import { WantedReports } from './activities/watching/wanted-reports.js';
import { openingActivities } from './activities/opening.js';
import { forThisHost } from './activities/for-this-host.js';
import { forGoLivesAlone } from './activities/own-run.js';
import { proofActivities } from './activities/preflight/proofs.js';
import { readings } from './activities/watching/readings.js';
import { pause } from './activities/pause.js';
import { referenceActivities } from './activities/preflight/references.js';
import { rehearsalActivities } from './activities/preflight/rehearsals.js';
import { restoreActivities } from './activities/rollback/restores.js';
import { ruleActivities, ruleReadings } from './activities/contracts/rules.js';
import { ownBuildId } from './build-id.js';
import { Evidence } from './journals/evidence.js';
import { version as ownVersion } from './version.js';
import { channelQueue, hostQueue, observeQueue, TASK_QUEUE } from './domain/run/task-queues.js';
import { metricsUrl, type MetricsAddress } from './exporter/exporter-options.js';
import { WorkerMetrics } from './exporter/worker-metrics.js';
import type { Home } from './home.js';
import { Keeper } from './keeper/keeper.js';
import { Ledger } from './ledger/ledger.js';
import { installLogger, stepInterceptor } from './sdk-logging.js';
import { isLoopback } from './receiver/listen-address.js';
import { PlanStore } from './plans/plan-store.js';
import type { Environment } from './plans/variables.js';
import { connectClient, connectWorker, type TemporalTarget } from './temporal/connection.js';
import { newRunsGoElsewhere, routeNewRuns } from './temporal/current-build.js';
import { dataConverter } from './temporal/data-converter.js';
import { deploymentOf } from './temporal/deployment.js';
import { Watchdog } from './watchdog/watchdog.js';
import { workflowBundlePath } from './workflow-bundle.js';

export interface GoLiveWorkerOptions {
  readonly home: Home;
  /** The playbook file; read anew at the start of each run. */
  readonly playbookFile: string;
  readonly target: TemporalTarget;
  /** Where `${VAR}` in the playbook file resolves. */
  readonly environment: Environment;
  readonly log: Logger;
  readonly taskQueue?: string;
  readonly console?: AnnouncementOutlets['console'];
  readonly versioning?: Versioning;
  /** Where it serves metrics; without it it has none. */
  readonly metrics?: MetricsAddress | undefined;
}

/**
 * `off`: any worker without versioning takes up any run. Else runs are pinned to the build that began them, and new runs go to the current build: with `on` the worker
 * makes its own build current when it is new (design §11), with `keep-current` it leaves that to people.
 */
export type Versioning = 'off' | 'on' | 'keep-current';

export interface GoLiveWorker {
  readonly hostId: string;
  readonly taskQueue: string;
  /** Its build ID. */
  readonly build: string;
  /** Why new runs don't go to it, with what to paste. */
  readonly noNewRuns?: string;
  /** Settles when the worker has stopped; rejects if it broke. */
  readonly stopped: Promise<void>;
  /** Lets running activities hand over, then stops. Commands go on under their supervisors. */
  stop(): Promise<void>;
}

/** Watching says itself how often it beats: the SDK would hold beats back for four of the five seconds until a worker counts as dead. */
const BEATS_AT_ONCE = { maxHeartbeatThrottleInterval: '100ms' };

/** Of each kind of work, so that none waits for a slot. */
const SLOTS = { main: 2_000, observe: 2_000, channels: 200, host: 1_000 } as const;

/** Of the heap for each go-live that stays in memory between two of its steps: twice what one takes. The SDK reckons with 1.7 MiB, and of a thousand would take half up anew with each step. */
const KEPT_RUN_BYTES = 512 * 1_024;

/** So many activities of one decision may begin with the server's answer to it: a rollback that begins beside announcements is among them. */
const EAGER = 10;

/**
 * Of its own queue a host polls with so many: a worker that hangs takes with each of its open polls a task that is only given back after 5 s, and nobody is told that
 * the host is away before they are used up.
 */
const HOST_POLLS = { type: 'simple-maximum', maximum: 2 } as const;

/** How long an activity may take to hand over when the worker stops. */
const SHUTDOWN_GRACE = '3s';

/** One for the command that is next, one for a rollback right after it. */
const READY_SUPERVISORS = 2;

/** How long a start waits until new runs go to its build, which takes the server a tenth of a second. */
const ROUTED_WITHIN_MS = 5_000;

/**
 * Starts the worker: workflows, quick activities and this host's commands on `golive`, watching on `golive-observe`, commands and watching on queues of this host, posts to
 * channels on `golive-channels`. Five queues, so that a thousand monitors or a chat that hangs leave room for a rollback (design §9). With versioning only
 * `golive` has builds: on the others every worker serves the runs of all of them (design §11).
 */
export async function startGoLiveWorker(options: GoLiveWorkerOptions): Promise<GoLiveWorker> {
  const { home, target, log, environment, versioning = 'off', metrics } = options;
  const taskQueue = options.taskQueue ?? TASK_QUEUE;
  installLogger(log, metrics);
  if (metrics && !isLoopback(metrics))
    log.warn(
      `everyone who reaches ${metricsUrl(metrics)} can read the metrics: they name environments, checks and questions`,
    );
  const buildId = await ownBuildId();
  const version = { deploymentName: deploymentOf(taskQueue), buildId };
  const ledger = await Ledger.open(home.ledger);
  const evidence = new Evidence({
    folder: home.evidence,
    host: ledger.hostId,
    golive: ownVersion(),
    build: buildId,
    log,
  });
  const client = await connectClient(target);
  const connection = await connectWorker(target);
  const shutdown = new AbortController();
  const dependencies: Dependencies = {
    plans: new PlanStore(home.plans, options.playbookFile),
    ledger,
    environment,
    client,
    log,
    evidence,
    shutdown: shutdown.signal,
  };

  const wantedReports = new WantedReports();
  const measured = new MetricReadings(environment);
  const read = readings({ environment, metric: (look) => measured.read(look), rule: ruleReadings(dependencies) });
  const shared = {
    connection,
    namespace: target.namespace,
    dataConverter,
    shutdownGraceTime: SHUTDOWN_GRACE,
    interceptors: { activity: [forGoLivesAlone, stepInterceptor] },
  };
  const { findDrillReport, findRehearsal } = referenceActivities(dependencies);
  const { takeHost, ...commands } = commandActivities({ ...dependencies, taskQueue });
  const ownQueue = hostQueue(taskQueue, ledger.hostId);
  const ofThisHost = {
    ...commands,
    findDrillReport,
    ...ruleActivities(dependencies),
    ...restoreActivities(dependencies),
  };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue,
      workflowBundle: { codePath: workflowBundlePath },
      sinks: { ...evidence.sinks, ...wantedReports.sinks },
      // Without versioning the build is only told, to the server and by it.
      workerDeploymentOptions:
        versioning === 'off'
          ? { useWorkerVersioning: false, version }
          : { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' },
      // After the death of a worker its runs are picked up after this, not after 10 s.
      stickyQueueScheduleToStartTimeout: '1s',
      activities: {
        ...openingActivities({ ...dependencies, namespace: target.namespace }),
        ...proofActivities(dependencies, read),
        findRehearsal,
        ...rehearsalActivities(dependencies),
        ...announcementActivities({ ...dependencies, announcementsFile: home.announcements, console: options.console }),
        takeHost,
        ...forThisHost(ofThisHost, ownQueue),
      },
      maxConcurrentActivityTaskExecutions: SLOTS.main,
      maxEagerActivityReservationsPerWorkflowTask: EAGER,
      maxCachedWorkflows: Math.floor(getHeapStatistics().heap_size_limit / KEPT_RUN_BYTES),
    }),
    Worker.create({
      ...shared,
      ...BEATS_AT_ONCE,
      taskQueue: observeQueue(taskQueue),
      activities: { ...observeActivities(dependencies, read, wantedReports), ...deadManActivities(dependencies) },
      maxConcurrentActivityTaskExecutions: SLOTS.observe,
    }),
    Worker.create({
      ...shared,
      taskQueue: channelQueue(taskQueue),
      activities: deliveryActivities(dependencies),
      maxConcurrentActivityTaskExecutions: SLOTS.channels,
    }),
    Worker.create({
      ...shared,
      taskQueue: ownQueue,
      activities: { ...ofThisHost, ...outputActivities(dependencies) },
      activityTaskPollerBehavior: HOST_POLLS,
      maxConcurrentActivityTaskExecutions: SLOTS.host,
    }),
    Worker.create({
      ...shared,
      ...BEATS_AT_ONCE,
      taskQueue: observeQueue(ownQueue),
      activities: observeActivities(dependencies, read, wantedReports),
      maxConcurrentActivityTaskExecutions: SLOTS.host,
    }),
  ]);
  const supervisors = ledger.keepSupervisorsReady(READY_SUPERVISORS);
  const running = workers.map((worker) => worker.run());
  const watchdog = new Watchdog({
    ...dependencies,
    taskQueue,
    announcementsFile: home.announcements,
    console: options.console,
    alarmsFile: home.alarms,
  });
  const keeper = new Keeper({
    ...dependencies,
    evidence,
    taskQueue,
    folder: home.evidence,
    keptFile: home.keeping,
    announcementsFile: home.announcements,
    console: options.console,
  });
  const looking = [watchdog.watch(shutdown.signal), keeper.keep(shutdown.signal)];
  if (metrics)
    looking.push(
      new WorkerMetrics({
        client,
        taskQueue,
        meter: Runtime.instance().metricMeter,
        log,
        version: ownVersion(),
        buildId,
        ledger: home.ledger,
        faults: () => watchdog.alarms(),
      }).watch(shutdown.signal),
    );
  const stopAll = () => {
    shutdown.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // One that breaks takes the others with it: half a worker would look alive and do half the work.
  running.forEach((each) => void each.catch(stopAll));
  const routed =
    versioning === 'on'
      ? routeNewRuns(client, { taskQueue, buildId }, shutdown.signal)
      : newRunsGoElsewhere(client, taskQueue, versioning === 'off' ? undefined : buildId);
  void routed.then((why) => why !== undefined && log.warn(why));
  const stopped = Promise.allSettled(running).then(async (results) => {
    shutdown.abort();
    await Promise.all([...looking, routed, supervisors.close()]);
    await evidence.close();
    await connection.close();
    await client.connection.close();
    const broken = results.find((result) => result.status === 'rejected');
    if (broken) throw broken.reason as Error;
  });
  const noNewRuns = await Promise.race([routed, pause(ROUTED_WITHIN_MS, shutdown.signal)]);
  log.info(
    {
      hostId: ledger.hostId,
      taskQueue,
      build: buildId,
      versioning,
      address: target.address,
      namespace: target.namespace,
      playbook: options.playbookFile,
      ...(metrics ? { metrics: metricsUrl(metrics) } : {}),
    },
    'worker is up',
  );
  return {
    hostId: ledger.hostId,
    taskQueue,
    build: buildId,
    ...(noNewRuns === undefined ? {} : { noNewRuns }),
    stopped,
    stop: () => {
      stopAll();
      return stopped;
    },
  };
}

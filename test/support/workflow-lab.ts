import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { channelQueue, hostQueue, observeQueue } from '../../src/domain/task-queues.js';
import type { GoLiveResult, GoLiveStatus, TimelineEntry } from '../../src/domain/status.js';
import type { Plan } from '../../src/domain/plan.js';
import { createLog, installLogger } from '../../src/logging.js';
import { connectClient, connectWorker, embeddedTarget } from '../../src/temporal/connection.js';
import { dataConverter, payloadConverterPath } from '../../src/temporal/data-converter.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import { workflowBundlePath } from '../../src/workflow-bundle.js';
import type { controlledGoLive } from '../../src/workflows/index.js';
import { PATIENCE_MS } from './patience.js';
import { aris3Plan, ScriptedWorld } from './scripted-world.js';
import { startTimeSkippingServer, startWithTimeSkipping } from './time-skipping.js';

export type GoLiveHandle = WorkflowHandle<typeof controlledGoLive>;

/** One real server that can skip time, for the workflow tests of a file. */
export class WorkflowLab {
  /** Each with the test it was made for. */
  readonly #rooms = new Map<Room, string | undefined>();

  private constructor(
    readonly server: DevServer,
    readonly client: Client,
    readonly connection: NativeConnection,
  ) {}

  static async open(more: DynamicConfig = {}): Promise<WorkflowLab> {
    quiet();
    const server = await startTimeSkippingServer(more);
    const target = embeddedTarget(server);
    return new WorkflowLab(server, await connectClient(target), await connectWorker(target));
  }

  /** A world of its own with its workers, on a task queue of its own. */
  async room(change?: (plan: Plan) => Plan): Promise<Room> {
    await this.#closeEarlier();
    const room = new Room(this, new ScriptedWorld(await aris3Plan(change), `golive-${randomUUID()}`));
    this.#rooms.set(room, testNow());
    await room.startWorkers();
    return room;
  }

  /** A test's workers end with it: those of a whole file would be most of what the machine does. */
  async #closeEarlier(): Promise<void> {
    const earlier = [...this.#rooms].filter(([, test]) => test !== testNow()).map(([room]) => room);
    earlier.forEach((room) => this.#rooms.delete(room));
    await Promise.all(earlier.map((room) => room.close()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#rooms.keys()].map((room) => room.close()));
    await this.connection.close();
    await this.client.connection.close();
    await this.server.stop();
  }

  /** Replays a history with the code as it is now. Throws when it takes another way. */
  static async replay(handle: { workflowId: string; fetchHistory(): Promise<object> }): Promise<void> {
    quiet();
    const workflowBundle = { code: await readFile(workflowBundlePath, 'utf8') };
    await Worker.runReplayHistory(
      { workflowBundle, dataConverter: { payloadConverterPath } },
      await handle.fetchHistory(),
      handle.workflowId,
    );
  }
}

/** What the tests provoke on purpose would only fill the terminal. */
export function quiet(): void {
  process.env['GOLIVE_LOG_LEVEL'] ??= 'fatal';
  installLogger(createLog());
}

/** A scripted world and the workers that live in it. */
export class Room {
  readonly environment = `env-${randomUUID().slice(0, 8)}`;
  readonly #workers = new Map<string, { worker: Worker; running: Promise<void> }>();

  constructor(
    readonly lab: WorkflowLab,
    readonly world: ScriptedWorld,
  ) {}

  async startWorkers(): Promise<void> {
    const { world } = this;
    await Promise.all([
      this.#startShared(),
      this.startObserving(),
      this.startHost(world.hostId),
      ...(world.plan.channels.length > 0
        ? [this.#start(channelQueue(world.taskQueue), { activities: world.telling() })]
        : []),
    ]);
  }

  async startHost(hostId: string): Promise<void> {
    const queue = hostQueue(this.world.taskQueue, hostId);
    await Promise.all([
      this.#start(queue, { activities: this.world.onHost() }),
      this.#start(observeQueue(queue), { activities: this.world.observing() }),
    ]);
  }

  /** Nobody carries the workflows of this room on meanwhile: what comes until they are back comes in one workflow task. */
  async withoutWorkflows(meanwhile: () => Promise<unknown>): Promise<void> {
    await this.#stop(this.world.taskQueue);
    await meanwhile();
    await this.#startShared();
  }

  async startObserving(): Promise<void> {
    await this.#start(observeQueue(this.world.taskQueue), { activities: this.world.observing() });
  }

  async stopObserving(): Promise<void> {
    await this.#stop(observeQueue(this.world.taskQueue));
  }

  async stopHost(hostId: string): Promise<void> {
    const queue = hostQueue(this.world.taskQueue, hostId);
    await Promise.all([this.#stop(queue), this.#stop(observeQueue(queue))]);
  }

  /** Starts a go-live that skips time. `until` stops skipping at a moment after the start. */
  async start(more: { input?: object; until?: string } = {}): Promise<GoLiveHandle> {
    const dryRun = (more.input as { dryRun?: boolean } | undefined)?.dryRun ?? false;
    const handle = await startWithTimeSkipping(this.lab.client, 'controlledGoLive', {
      workflowId: `go-live-${this.environment}${dryRun ? '-dry-run' : ''}`,
      taskQueue: this.world.taskQueue,
      args: [this.input(more.input)],
      ...(more.until === undefined ? {} : { until: more.until }),
    });
    return handle as GoLiveHandle;
  }

  input(more: object = {}): object {
    const attestations = { stagingParity: 'compared', openIncidents: 'none', frozenRules: 'covered' };
    return {
      environment: this.environment,
      release: 'RC.3',
      previousRelease: 'RC.2',
      decisionOwner: 'Ana',
      attestations,
      ...more,
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((queue) => this.#stop(queue)));
  }

  async #startShared(): Promise<void> {
    await this.#start(this.world.taskQueue, {
      workflowBundle: { codePath: workflowBundlePath },
      activities: this.world.shared(),
    });
  }

  async #start(taskQueue: string, options: object): Promise<void> {
    const worker = await Worker.create({
      connection: this.lab.connection,
      taskQueue,
      dataConverter,
      stickyQueueScheduleToStartTimeout: '1s',
      shutdownGraceTime: '100ms',
      ...options,
    });
    this.#workers.set(taskQueue, { worker, running: worker.run() });
  }

  async #stop(taskQueue: string): Promise<void> {
    const entry = this.#workers.get(taskQueue);
    this.#workers.delete(taskQueue);
    entry?.worker.shutdown();
    await entry?.running;
  }
}

/** The status, once it is as a test wants it. */
export async function statusWhen(
  handle: GoLiveHandle,
  wanted: (status: GoLiveStatus) => boolean,
): Promise<GoLiveStatus> {
  let last: unknown = 'nothing';
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    // A worker that is too busy to answer now does later.
    const status = await handle
      .query<GoLiveStatus>('status')
      .catch((error: unknown) => void (last = (error as Error).cause ?? error));
    if (status && wanted(status)) return status;
    last = status ?? last;
    await new Promise((next) => setTimeout(next, 25));
  }
  throw new Error(
    `The go-live never came to ${wanted.toString()}: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}

export const openHold = async (handle: GoLiveHandle, id: string) =>
  (await statusWhen(handle, ({ holds }) => holds.some((hold) => hold.id === id))).holds.find((hold) => hold.id === id);

export const decide = (handle: GoLiveHandle, hold: string, choice: string, by = 'Bea') =>
  handle.executeUpdate<string, [object]>('decide', { args: [{ hold, choice, by, reason: 'looked at it' }] });

export const whatHappened = (result: GoLiveResult) => result.timeline.map(({ what }: TimelineEntry) => what);

/** When something happened that begins with these words, in epoch milliseconds; NaN when it didn't. */
export const momentOf = (result: Pick<GoLiveResult, 'timeline'>, words: string) =>
  Date.parse(result.timeline.find(({ what }) => what.startsWith(words))?.at ?? '');

/** The result, of a history that replays. */
export async function ending(handle: GoLiveHandle): Promise<GoLiveResult> {
  const result = await handle.result();
  await WorkflowLab.replay(handle);
  return result;
}

/** How many activities of a type a history has. */
export async function scheduled(handle: GoLiveHandle, type: string): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type)
    .length;
}

/** The test that runs, if one does: histories are recorded without. */
const testNow = (): string | undefined =>
  (globalThis as { expect?: { getState(): { currentTestName?: string } } }).expect?.getState().currentTestName;

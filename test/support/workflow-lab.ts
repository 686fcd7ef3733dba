import { randomUUID } from 'node:crypto';
import type proto from '@temporalio/proto';
import { isGrpcServiceError, type Client, type WorkflowHandle } from '@temporalio/client';
import { channelQueue, hostQueue, observeQueue } from '../../src/domain/run/task-queues.js';
import type { GoLiveResult, GoLiveStatus, TimelineEntry } from '../../src/domain/run/status.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import type { controlledGoLive } from '../../src/workflows/index.js';
import { atTheEndOfTheTest, workshops } from './of-jest-worker.js';
import { PATIENCE_MS } from './patience.js';
import { aris3Plan, ScriptedWorld } from './scripted-world.js';
import { startWithTimeSkipping } from './time-skipping.js';
import type { Work, Workshop } from './workshop.js';

export type GoLiveHandle = WorkflowHandle<typeof controlledGoLive>;

/** Where a test gets a room. */
export interface Rooms<R extends Room = Room> {
  room(change?: (plan: Plan) => Plan): Promise<R>;
}

/** What the workflow tests of a file work with: the workshop of the process they run in, and a client of their own. */
export class WorkflowLab implements Rooms {
  readonly #rooms = new Set<Room>();

  private constructor(
    readonly workshop: Workshop,
    readonly client: Client,
  ) {}

  /**
   * @param settings of a server other than the usual one
   * @param own a workshop that others neither use nor close
   */
  static async open(settings: DynamicConfig = {}, own?: Workshop): Promise<WorkflowLab> {
    const workshop = own ?? (await (await workshops()).of(settings));
    return new WorkflowLab(workshop, await connectClient(embeddedTarget(workshop.server)));
  }

  get server(): DevServer {
    return this.workshop.server;
  }

  /** A world for the workflows of an environment of its own, with the workers that all share. */
  async room(change?: (plan: Plan) => Plan): Promise<Room> {
    const { taskQueue } = this.workshop;
    return this.#enter(new Room(this, new ScriptedWorld(await aris3Plan(change), taskQueue)));
  }

  /** Rooms with workers of their own, for tests that stop some. */
  readonly stoppable: Rooms<StoppableRoom> = {
    room: async (change) =>
      this.#enter(new StoppableRoom(this, new ScriptedWorld(await aris3Plan(change), `golive-${randomUUID()}`))),
  };

  /** A room ends with the test it was made for, one for a whole file with the lab. */
  async #enter<R extends Room>(room: R): Promise<R> {
    this.#rooms.add(room);
    atTheEndOfTheTest(() => this.#close(room));
    await room.open();
    return room;
  }

  async #close(room: Room): Promise<void> {
    if (this.#rooms.delete(room)) await room.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#rooms].map((room) => this.#close(room)));
    await this.client.connection.close();
  }
}

/** A scripted world, and the workflows that live in it. */
export class Room {
  readonly environment = `env-${randomUUID().slice(0, 8)}`;

  constructor(
    readonly lab: WorkflowLab,
    readonly world: ScriptedWorld,
  ) {}

  /** The IDs its workflows have. */
  get workflowIds(): string[] {
    return [`go-live-${this.environment}`, `go-live-${this.environment}-dry-run`];
  }

  async open(): Promise<void> {
    await this.lab.workshop.enter(this.world, this.workflowIds);
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

  /** Ends what still runs in it. Throws when a history that was made here doesn't replay. */
  async close(): Promise<void> {
    await this.terminate();
    this.workflowIds.forEach((id) => this.lab.workshop.redecide(id));
    this.lab.workshop.leave(this.workflowIds);
    await this.replay();
  }

  protected async terminate(): Promise<void> {
    const { workflow } = this.lab.client;
    await Promise.allSettled(this.workflowIds.map((id) => workflow.getHandle(id).terminate('its test is over')));
  }

  /** Replays what its workflows leave behind, each run of a chain. */
  protected async replay(): Promise<void> {
    const { workflow } = this.lab.client;
    for (const id of this.workflowIds) {
      for (let runId: string | undefined; ;) {
        const history = await workflow.getHandle(id, runId).fetchHistory().catch(ifThereIsOne);
        if (!history) break;
        await this.lab.workshop.replay(id, history);
        runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
        if (runId === undefined) break;
      }
    }
  }
}

/** A room whose workers are its own, so that they can be stopped. */
export class StoppableRoom extends Room {
  readonly #stops = new Map<string, () => Promise<void>>();

  override async open(): Promise<void> {
    const { world } = this;
    await Promise.all([
      this.#startShared(),
      this.startObserving(),
      this.startHost(world.hostId),
      this.#work(channelQueue(world.taskQueue), { activities: world.telling() }),
    ]);
  }

  async startHost(hostId: string): Promise<void> {
    const queue = hostQueue(this.world.taskQueue, hostId);
    await Promise.all([
      this.#work(queue, { activities: this.world.onHost() }),
      this.#work(observeQueue(queue), { activities: this.world.observing() }),
    ]);
  }

  /** Nobody carries the workflows of this room on meanwhile: what comes until they are back comes in one workflow task. */
  async withoutWorkflows(meanwhile: () => Promise<unknown>): Promise<void> {
    await this.#stop(this.world.taskQueue);
    await meanwhile();
    await this.#startShared();
  }

  async startObserving(): Promise<void> {
    await this.#work(observeQueue(this.world.taskQueue), { activities: this.world.observing() });
  }

  async stopObserving(): Promise<void> {
    await this.#stop(observeQueue(this.world.taskQueue));
  }

  /** Whoever carries the workflows on is then of another host. */
  async stopHost(hostId: string): Promise<void> {
    this.world.besideTheRun = undefined;
    const queue = hostQueue(this.world.taskQueue, hostId);
    await Promise.all([this.#stop(queue), this.#stop(observeQueue(queue))]);
  }

  override async close(): Promise<void> {
    await this.terminate();
    await Promise.all([...this.#stops.keys()].map((queue) => this.#stop(queue)));
    await this.replay();
  }

  async #startShared(): Promise<void> {
    await this.#work(this.world.taskQueue, { activities: this.world.shared(), workflows: true });
  }

  async #work(taskQueue: string, work: Work): Promise<void> {
    this.#stops.set(taskQueue, await this.lab.workshop.work(taskQueue, work));
  }

  async #stop(taskQueue: string): Promise<void> {
    const stop = this.#stops.get(taskQueue);
    this.#stops.delete(taskQueue);
    await stop?.();
  }
}

/** gRPC's code for it. */
const NOT_FOUND = 5;

function ifThereIsOne(error: unknown): undefined {
  if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) throw error;
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

type Event = proto.temporal.api.history.v1.IHistoryEvent;

/** The events of each run of a go-live, the first one first. */
export async function eventsOfRuns({ workflowId }: GoLiveHandle, client: Client): Promise<Event[][]> {
  const runs: Event[][] = [];
  for (let runId: string | undefined; ;) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift(events ?? []);
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (runId === undefined) return runs;
  }
}

/** Returns when the server's record of a run is as a test wants it, whether or not anybody carries the workflow on. */
export async function historyWhen(handle: GoLiveHandle, wanted: (events: readonly Event[]) => boolean): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const { events } = await handle.fetchHistory();
    if (wanted(events ?? [])) return;
    await new Promise((next) => setTimeout(next, 25));
  }
  throw new Error(`The history of ${handle.workflowId} never came to ${wanted.toString()}.`);
}

/** The end of the command that was asked for last. */
export const lastCommandEnded = (events: readonly Event[]): boolean => {
  const asked = events.findLast(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'runCommand',
  );
  return events.some(
    ({ activityTaskCompletedEventAttributes: done }) => String(done?.scheduledEventId) === String(asked?.eventId),
  );
};

/** How many activities of a type a history has. */
export async function scheduled(handle: GoLiveHandle, type: string): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type)
    .length;
}

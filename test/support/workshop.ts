import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Worker, type InjectedSinks, type NativeConnection } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';
import { channelQueue, hostQueue, observeQueue } from '../../src/domain/run/task-queues.js';
import { ownBuildId } from '../../src/build-id.js';
import { connectWorker, embeddedTarget } from '../../src/temporal/connection.js';
import { dataConverter } from '../../src/temporal/data-converter.js';
import { deploymentOf } from '../../src/temporal/deployment.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import { workflowBundlePath } from '../../src/workflow-bundle.js';
import { OpenReplay } from '../../sandbox/open-replay.js';
import { unaccounted } from '../../src/domain/evidence/links.js';
import { redecideVerdicts } from '../../src/domain/evidence/redecide.js';
import { UNKEPT } from '../../src/journals/unkept.js';
import { isWholeLine } from '../../src/domain/evidence/whole-record.js';
import type { DecidedRecord, EvidenceSinks } from '../../src/domain/evidence/record.js';
import type { WatchingSinks } from '../../src/domain/watching/report-wanted.js';
import type { ScriptedWorld } from './scripted-world.js';
import { quiet } from './quiet.js';
import { startTimeSkippingServer } from './time-skipping.js';

type Activities = Record<string, (...input: never[]) => Promise<unknown>>;
/** What a worker does besides polling: activities, workflows too. */
export interface Work {
  readonly activities: object;
  readonly workflows?: boolean;
}
type Group = 'shared' | 'observing' | 'telling' | 'onHost';

/** The host that takes commands where no test has said otherwise. */
export const FIRST_HOST = 'first';

/** A real server that can skip time with one set of workers, for all tests of a process: each test's world is found by the ID of its workflow. */
export class Workshop {
  readonly taskQueue = `golive-shared-${process.pid}-${process.hrtime.bigint()}`;
  readonly #worlds = new Map<string, ScriptedWorld>();
  /** What each run has decided, by its place in the run's order. */
  readonly #decided = new Map<string, Map<number, DecidedRecord>>();
  readonly #replay = new OpenReplay();
  #workers: Promise<(() => Promise<void>)[]> | undefined;

  private constructor(
    readonly server: DevServer,
    readonly connection: NativeConnection,
  ) {}

  static async open(settings: DynamicConfig): Promise<Workshop> {
    quiet();
    const server = await startTimeSkippingServer(settings);
    return new Workshop(server, await connectWorker(embeddedTarget(server)));
  }

  /** What the workflows of these IDs meet from now on. */
  async enter(world: ScriptedWorld, workflowIds: readonly string[]): Promise<void> {
    for (const id of workflowIds) this.#worlds.set(id, world);
    await (this.#workers ??= this.#startWorkers());
  }

  leave(workflowIds: readonly string[]): void {
    for (const id of workflowIds) this.#worlds.delete(id);
  }

  /** Starts a worker of a queue. Returns what stops it. */
  async work(taskQueue: string, { activities, workflows = false }: Work): Promise<() => Promise<void>> {
    const worker = await Worker.create({
      connection: this.connection,
      taskQueue,
      dataConverter,
      stickyQueueScheduleToStartTimeout: '1s',
      shutdownGraceTime: '100ms',
      activities,
      ...(workflows
        ? {
            workflowBundle: { codePath: workflowBundlePath },
            sinks: this.#sinks,
            // The build stands in each workflow task: a history is as large as a real one.
            workerDeploymentOptions: {
              useWorkerVersioning: false,
              version: { deploymentName: deploymentOf(taskQueue), buildId: await ownBuildId() },
            },
          }
        : {}),
    });
    const running = worker.run();
    return () => {
      worker.shutdown();
      return running;
    };
  }

  /** Replays a history with the code as it is now. Throws when it takes another way. */
  replay(workflowId: string, history: object): Promise<void> {
    return this.#replay.of({ workflowId, history });
  }

  /** What a workflow has decided, run after run, in its order. */
  decided(workflowId: string): DecidedRecord[] {
    const runs = [...this.#decided].filter(([key]) => key.startsWith(`${workflowId}/`));
    return runs.flatMap(([, records]) => [...records.values()].sort((a, b) => a.n - b.n));
  }

  /** Decides again what a workflow has decided. Throws where that comes to something else, or it did what nothing on record accounts for. */
  redecide(workflowId: string): void {
    const decided = this.decided(workflowId);
    const [unfounded] = unaccounted(decided);
    const odd = decided.find((each) => !isWholeLine(each));
    for (const [key, records] of this.#decided) {
      if (!key.startsWith(`${workflowId}/`)) continue;
      this.#decided.delete(key);
      const all = [...records.values()];
      const plan = all.find((each) => each.kind === 'plan')?.plan;
      if (!plan) continue;
      const [wrong] = redecideVerdicts(all, plan).filter(({ cannot, differs }) => cannot ?? differs);
      if (wrong) throw new Error(`decided again, it is something else: ${JSON.stringify(wrong)}`);
    }
    if (odd) throw new Error(`whoever reads this takes it for no record: ${JSON.stringify(odd)}`);
    if (unfounded) throw new Error(`nothing on record accounts for it: ${JSON.stringify(unfounded)}`);
  }

  readonly #sinks: InjectedSinks<EvidenceSinks & WatchingSinks & Sinks> = {
    ...UNKEPT,
    evidence: {
      ...UNKEPT.evidence,
      decided: {
        callDuringReplay: true,
        fn: ({ workflowId, runId }, n, record) => {
          const key = `${workflowId}/${runId}`;
          const records = this.#decided.get(key) ?? new Map<number, DecidedRecord>();
          this.#decided.set(key, records.set(n, { ...(JSON.parse(record) as DecidedRecord), n }));
        },
      },
    },
  };

  async close(): Promise<void> {
    await Promise.all([this.#replay.close(), ...((await this.#workers) ?? []).map((stop) => stop())]);
    await this.connection.close();
    await this.server.stop();
  }

  #startWorkers(): Promise<(() => Promise<void>)[]> {
    const queue = this.taskQueue;
    const host = hostQueue(queue, FIRST_HOST);
    return Promise.all([
      this.work(queue, { activities: this.#ofEachWorld('shared'), workflows: true }),
      this.work(observeQueue(queue), { activities: this.#ofEachWorld('observing') }),
      this.work(channelQueue(queue), { activities: this.#ofEachWorld('telling') }),
      this.work(host, { activities: this.#ofEachWorld('onHost') }),
      this.work(observeQueue(host), { activities: this.#ofEachWorld('observing') }),
    ]);
  }

  /** Activities that are those of the world their workflow runs in. */
  #ofEachWorld(group: Group): Activities {
    const any = [...this.#worlds.values()][0];
    return Object.fromEntries(
      Object.keys(any?.[group]() ?? {}).map((name) => [
        name,
        (...input: never[]) => {
          const activities: Activities = this.#world()[group]() as never;
          return activities[name]!(...input);
        },
      ]),
    );
  }

  #world(): ScriptedWorld {
    const id = Context.current().info.workflowExecution?.workflowId ?? 'none';
    const world = this.#worlds.get(id);
    if (world) return world;
    throw ApplicationFailure.nonRetryable(
      `No test has a world for workflow ${id}: its test is over, or it has another ID than its room says.`,
    );
  }
}

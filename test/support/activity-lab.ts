import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger } from '@temporalio/worker';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { forGoLivesAlone } from '../../src/activities/own-run.js';
import { readings, type Reader } from '../../src/activities/watching/readings.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { createLog } from '../../src/logging.js';
import { PlanStore, type FrozenPlan } from '../../src/plans/plan-store.js';

/** What activities work with, for real but for Temporal: a ledger and plans in a folder of their own, an environment the test gives. */
export class ActivityLab {
  readonly shutdown = new AbortController();

  private constructor(
    readonly folder: string,
    readonly dependencies: Dependencies,
    readonly planHash: string,
    /** What the namespace would list of earlier runs, the newest first. */
    readonly earlierRuns: object[],
  ) {}

  /** `plan` is what every hash loads. */
  static async open(plan: Plan, environment: Record<string, string>): Promise<ActivityLab> {
    const folder = await mkdtemp(join(tmpdir(), 'golive-activities-'));
    const shutdown = new AbortController();
    const earlierRuns: object[] = [];
    const dependencies: Dependencies = {
      plans: new OnePlan(plan),
      ledger: await Ledger.open(join(folder, 'ledger')),
      environment: { PATH: process.env['PATH'], ...environment },
      client: { workflow: { list: () => earlierRuns } } as unknown as Client,
      log: createLog(),
      shutdown: shutdown.signal,
    };
    const lab = new ActivityLab(folder, dependencies, `sha256:${'0'.repeat(64)}`, earlierRuns);
    shutdown.signal.throwIfAborted();
    lab.shutdown.signal.addEventListener('abort', () => shutdown.abort());
    return lab;
  }

  /** Probes for real, and no other readings. */
  get read(): Reader {
    const none = () => Promise.resolve({ kind: 'none' as const, text: 'not part of this test' });
    return readings({ environment: this.dependencies.environment, metric: none, rule: none });
  }

  /** Runs an activity as a worker would, inside a go-live of `prod`. */
  run<Input, Output>(
    activity: (input: Input) => Promise<Output>,
    input: Input,
    info: Record<string, unknown> = {},
    environment = this.environment(info),
  ): Promise<Output> {
    return environment.run(activity, input);
  }

  environment(info: Record<string, unknown> = {}): MockActivityEnvironment {
    return new MockActivityEnvironment(
      {
        workflowType: 'controlledGoLive',
        workflowExecution: { workflowId: 'go-live-prod', runId: 'run-1' },
        scheduledTimestampMs: Date.now(),
        ...info,
      },
      { interceptors: [forGoLivesAlone], logger: new DefaultLogger('ERROR', () => undefined) },
    );
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class OnePlan extends PlanStore {
  constructor(private readonly plan: Plan) {
    super('', '');
  }

  override load(): Promise<Plan> {
    return Promise.resolve(this.plan);
  }

  override freeze(): Promise<FrozenPlan> {
    return Promise.resolve({ plan: this.plan, hash: `sha256:${'0'.repeat(64)}` });
  }
}

import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isGrpcDeadlineError, ServiceError, type Client, type WorkflowHandle } from '@temporalio/client';
import type { GoLiveStatus } from '../src/domain/run/status.js';
import { BEGAN, ROLLBACK } from './playbook.js';
import type { Service } from './service.js';
import { until, within } from './within.js';

/** Whose a measure is: golive's, or that of the bare twin that does the same without keeping any promise. */
export type Of = 'golive' | 'twin';

/** One of the two that are compared. */
export interface Side {
  readonly of: Of;
  /** Starts what waits for an abort, and returns when it waits: golive in a phase, which is the soak when left out. */
  soak(environment: string, phase?: GoLiveStatus['phase']): Promise<Soaking>;
  /** Starts what waits for the third 503 of its environment, and returns when it looks. */
  watch(environment: string): Promise<Soaking>;
}

/** Something that waits until it has to run its rollback. */
export class Soaking {
  private constructor(
    readonly handle: WorkflowHandle,
    private readonly beganFile: string,
    private readonly earlier: number,
  ) {}

  /** @param folder of its environment */
  static async of(handle: WorkflowHandle, folder: string): Promise<Soaking> {
    const file = join(folder, BEGAN);
    return new Soaking(handle, file, (await beginnings(file)).length);
  }

  /** Returns with when the call began, in epoch milliseconds, once the server has it. */
  async abort(): Promise<number> {
    const from = Date.now();
    await this.handle.signal('abort', { reason: 'measured', by: 'bench' });
    return from;
  }

  /** When the process of its rollback began, in epoch milliseconds. */
  began(): Promise<number> {
    return until('The rollback', async () => (await beginnings(this.beganFile))[this.earlier]);
  }

  async over(): Promise<void> {
    await within(`The end of ${this.handle.workflowId}`, this.handle.result());
  }
}

const QUEUE = { golive: 'golive', twin: 'bare' } as const;
const SEEN = 'seen';

/**
 * Starts a go-live of an environment where the previous release is live.
 * @param folder of the environment
 */
export async function startGoLive(client: Client, environment: string, folder: string): Promise<WorkflowHandle> {
  await cp(join(folder, 'RC.2'), join(folder, 'live'));
  return await client.workflow.start('controlledGoLive', {
    workflowId: `go-live-${environment}`,
    taskQueue: QUEUE.golive,
    args: [
      {
        environment,
        release: 'RC.3',
        previousRelease: 'RC.2',
        decisionOwner: 'bench',
        attestations: { restoreDrill: SEEN, stagingParity: SEEN, openIncidents: SEEN, frozenRules: SEEN },
      },
    ],
  });
}

/** Each question costs the worker and the server something: many at a time would slow down what they wait for. */
const ASK_EVERY_MS = 250;

/** A worker with more than it can carry answers no question in time. */
function unlessTooBusy(error: unknown): undefined {
  if (!(error instanceof ServiceError && isGrpcDeadlineError(error.cause))) throw error;
}

/** Waits for a phase of a go-live. Rejects when it ends instead. */
async function reach(handle: WorkflowHandle, wanted: GoLiveStatus['phase']): Promise<void> {
  await until(
    `The phase ${wanted} of ${handle.workflowId}`,
    async () => {
      const status = await handle.query<Pick<GoLiveStatus, 'phase' | 'stop'>>('status').catch(unlessTooBusy);
      if (!status) return undefined;
      const { phase, stop } = status;
      if (phase === 'ended')
        throw new Error(`${handle.workflowId} was to be in ${wanted}, but it ended: ${stop?.reason}`);
      return phase === wanted || undefined;
    },
    ASK_EVERY_MS,
  );
}

/** Starts one of the twin's workflows. */
export const startBare = (client: Client, type: string, args: readonly unknown[]): Promise<WorkflowHandle> =>
  client.workflow.start(type, { workflowId: 'bare', taskQueue: QUEUE.twin, args: [...args] });

/** @param folder has a folder for each environment */
export function goLiveSide(client: Client, folder: string): Side {
  const soak: Side['soak'] = async (environment, phase = 'soaking') => {
    const own = join(folder, environment);
    const handle = await startGoLive(client, environment, own);
    const soaking = await Soaking.of(handle, own);
    await reach(handle, phase);
    return soaking;
  };
  return { of: 'golive', soak, watch: (environment) => soak(environment) };
}

/** @param folder where its commands run */
export function twinSide(client: Client, folder: string, service: Service): Side {
  const begin = async (type: string, args: readonly unknown[]): Promise<Soaking> => {
    const handle = await startBare(client, type, args);
    const soaking = await Soaking.of(handle, folder);
    await within('The twin', handle.query('ready'));
    return soaking;
  };
  return {
    of: 'twin',
    soak: () => begin('bareSoak', [ROLLBACK]),
    watch: (environment) => begin('bareWatch', [`${service.url(environment)}/health`, ROLLBACK]),
  };
}

/** When the rollbacks of an environment began; a line that is being written counts for nothing. */
async function beginnings(file: string): Promise<number[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((nanoseconds) => Number(nanoseconds) / 1e6);
}

import type { Client } from '@temporalio/client';
import type { SeenRecord } from '../../domain/evidence/record.js';
import { homeAt } from '../../home.js';
import { placeOf } from '../../journals/place.js';
import { lastSeen } from '../../journals/tail.js';
import { connectClient } from '../../temporal/connection.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { ServerOptions } from '../options/shared-options.js';
import { allSettled } from '../run/all-settled.js';
import { ANSWER_MS, findRun, lookAtRun } from '../run/look-at-run.js';
import { neverComes } from '../run/no-go-live.js';
import { pollersOf } from '../run/pollers.js';
import { serverOfGoLives, type FoundServer } from '../server/find-server.js';
import { serverFault } from '../server/server-fault.js';
import type { Look, Waits } from './watched.js';

/** What no further look mends. */
const HOPELESS: readonly ExitCode[] = [EXIT.usage, EXIT.noGoLive];

/** Looks at the newest run of an environment again and again, over one connection for as long as it is good: a server that is back may be back elsewhere. */
export class LookAround {
  #isFirst = true;
  #waits: Waits | undefined;
  #connected: { readonly client: Client; readonly server: FoundServer } | undefined;

  #reading = false;
  #looks: readonly SeenRecord[] | undefined;

  constructor(
    private readonly environment: string,
    private readonly workflowId: string,
    private readonly options: ServerOptions,
  ) {}

  /** Whose answer the look under way waits for. */
  get waits(): Waits | undefined {
    return this.#waits;
  }

  /** Throws only what waiting doesn't mend: options that nobody can use, an environment that nobody knows. */
  async look(): Promise<Look> {
    try {
      this.#waits = { of: 'server', since: Date.now() };
      const { client, server } = (this.#connected ??= await this.#connect());
      const run = await findRun(client, this.workflowId);
      if (!run) return await this.#noRun(client, server);
      this.#waits = { of: 'worker', since: Date.now() };
      const [view] = await allSettled([
        lookAtRun(client, this.environment, run, server),
        ...(this.#isFirst ? [this.#lookWhoPolls(client, server, run.taskQueue)] : []),
      ]);
      this.#isFirst = false;
      return { kind: 'seen', view, ...(view.status ? this.#before(view.runId) : {}) };
    } catch (error) {
      await this.close();
      if (error instanceof CliError && HOPELESS.includes(error.exitCode)) throw error;
      const fault = serverFault(error);
      return {
        kind: 'no server',
        why:
          fault === undefined
            ? (error as Error).message.replace(/\.$/, '')
            : `the Temporal server can't be used: ${fault}`,
      };
    } finally {
      this.#waits = undefined;
    }
  }

  /** One may be started any time, but in an environment that nobody knows. */
  async #noRun(client: Client, server: FoundServer): Promise<Look> {
    const never = this.#isFirst ? await neverComes(client, this.workflowId, server) : undefined;
    if (never) throw never;
    this.#isFirst = false;
    return { kind: 'no run' };
  }

  /** Said while the first answer of a worker is waited for. */
  async #lookWhoPolls(client: Client, { target }: FoundServer, taskQueue: string): Promise<void> {
    const [queue] = await client
      .withDeadline(Date.now() + ANSWER_MS, () => pollersOf(client, target.namespace, taskQueue))
      .catch(() => []); // the look itself tells of a server that is away
    if (queue && this.#waits) this.#waits = { ...this.#waits, queue };
  }

  /** What was seen before somebody watched, once it is read: no look waits for a disk. */
  #before(runId: string): { looks?: readonly SeenRecord[] } {
    if (!this.#reading) {
      this.#reading = true;
      const { evidence } = homeAt(this.options.home);
      void lastSeen(placeOf(evidence, { workflowId: this.workflowId, runId })).then(
        (looks) => (this.#looks = looks),
        () => undefined, // without it the sparklines begin now
      );
    }
    const looks = this.#looks;
    this.#looks = undefined;
    return looks ? { looks } : {};
  }

  async close(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    await connected?.client.connection.close().catch(() => undefined);
  }

  async #connect(): Promise<{ client: Client; server: FoundServer }> {
    const server = await serverOfGoLives(this.options);
    return { client: await connectClient(server.target), server };
  }
}

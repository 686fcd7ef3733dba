import { setMaxListeners } from 'node:events';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pause } from '../activities/pause.js';
import { faultText, runFault } from '../domain/run-fault.js';
import { seeRun, type SeenRun } from '../temporal/seen-run.js';
import { AlarmPages, type Outlets } from './alarm-pages.js';
import { Alarms, type Alarm } from './alarms.js';

export interface WatchdogOptions extends Outlets {
  readonly client: Client;
  readonly taskQueue: string;
  /** Where it keeps what it has paged. */
  readonly alarmsFile: string;
  /** How often it looks, in milliseconds. */
  readonly every?: number;
}

const EVERY_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const LIST_MS = 30_000;
const SERVER_MS = 10_000;
const AT_ONCE = 8;

/**
 * Looks at the runs of this worker's queue from outside and pages when one can't tell people itself any more: its workflow task fails again and again, or it
 * is over without an outcome. It needs the server and the plan's channels, and nothing of the run.
 */
export class Watchdog {
  readonly #alarms: Alarms;
  readonly #pages: AlarmPages;
  #blind: string | undefined;

  constructor(private readonly around: WatchdogOptions) {
    this.#alarms = new Alarms(around.alarmsFile);
    this.#pages = new AlarmPages(around);
  }

  /** Looks until the signal comes. Never rejects: what it can't see now it looks at again. */
  async watch(signal: AbortSignal): Promise<void> {
    const { log, every = EVERY_MS } = this.around;
    while (!signal.aborted) {
      try {
        await this.look(signal);
        if (this.#blind !== undefined) log.info('the watchdog sees its runs again');
        this.#blind = undefined;
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        if (why !== this.#blind) log.warn({ err: error }, 'the watchdog can’t look at the runs; it tries again');
        this.#blind = why;
      }
      await pause(every, signal);
    }
  }

  /** One look at every run. @param now epoch milliseconds */
  async look(over: AbortSignal, now = Date.now()): Promise<void> {
    const { client } = this.around;
    // One for each look: whoever listens to the worker's own would do so for ever.
    const signal = AbortSignal.any([over]);
    setMaxListeners(0, signal);
    const raised = await this.#alarms.all();
    const candidates = await client.withDeadline(Date.now() + LIST_MS, () =>
      client.withAbortSignal(signal, () => this.#candidates(now)),
    );
    const ids = [...new Set([...candidates, ...raised.map(({ workflowId }) => workflowId)])];
    const kept: Alarm[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const looks = ids.slice(from, from + AT_ONCE).map((id) =>
        this.#lookAt(
          id,
          raised.filter(({ workflowId }) => workflowId === id),
          now,
          signal,
        ),
      );
      kept.push(...(await Promise.all(looks)).flat());
    }
    await this.#alarms.keep(kept);
  }

  /** What runs, and what has ended in the last day in a way that wants a look. */
  async #candidates(now: number): Promise<string[]> {
    const { client, taskQueue } = this.around;
    const ours = `WorkflowType = 'controlledGoLive' AND TaskQueue = '${taskQueue.replaceAll("'", "''")}'`;
    const ended = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled') AND CloseTime > '${new Date(now - DAY_MS).toISOString()}'`;
    const ids: string[] = [];
    for (const query of [`${ours} AND ExecutionStatus = 'Running'`, `${ours} AND ${ended}`])
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }

  /** The alarms about one workflow ID after this look. */
  async #lookAt(workflowId: string, raised: readonly Alarm[], now: number, signal: AbortSignal): Promise<Alarm[]> {
    const { client, log } = this.around;
    let seen: SeenRun;
    try {
      seen = await client.withDeadline(Date.now() + SERVER_MS, () =>
        client.withAbortSignal(signal, () => seeRun(client, workflowId)),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return []; // the server remembers it no longer
      if (signal.aborted) return [...raised];
      log.warn({ err: error, workflowId }, 'the watchdog can’t look at this run; it tries again');
      return [...raised];
    }
    const fault = runFault(seen, now);
    const isSame = ({ runId, kind, over }: Alarm) => !over && runId === seen.runId && kind === fault?.kind;
    const ends = raised.filter((alarm) => !isSame(alarm) && now - alarm.since <= DAY_MS);
    const untold = (await Promise.all(ends.map((alarm) => this.#pages.takeBack(alarm, seen, signal)))).flat();
    if (!fault) return untold;
    const planHash = seen.remembered?.planHash;
    const alarm: Alarm = {
      ...(raised.find(isSame) ?? { since: now, times: 0, paged: [], untaken: [] }),
      workflowId,
      runId: seen.runId,
      kind: fault.kind,
      text: faultText(fault, workflowId),
      ...(planHash === undefined ? {} : { planHash }),
    };
    // The server is asked for what ended in the last day, so it isn't raised again.
    if (fault.kind === 'ended' && now - alarm.since > DAY_MS) return untold;
    return [...untold, await this.#pages.page(alarm, fault.onPurpose === true, seen, now, signal)];
  }
}

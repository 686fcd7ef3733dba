import { setMaxListeners } from 'node:events';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pause } from '../activities/pause.js';
import { faultText, takesCare } from '../domain/run/run-fault.js';
import { faultOfRun } from '../temporal/fault-of-run.js';
import { queueBuilds, type QueueBuilds } from '../temporal/queue-builds.js';
import { openRunsOn, runsOn } from '../temporal/runs-query.js';
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
 * Looks at the runs of this worker's queue from outside and pages when one can't tell people itself any more: its workflow task fails again and again, no
 * worker of its build is left, or it is over without an outcome. It needs the server and the plan's channels, and nothing of the run.
 */
export class Watchdog {
  readonly #alarms: Alarms;
  readonly #pages: AlarmPages;
  #blind: string | undefined;

  constructor(private readonly around: WatchdogOptions) {
    this.#alarms = new Alarms(around.alarmsFile);
    this.#pages = new AlarmPages(around);
  }

  /** The faults that people are being told of. */
  async alarms(): Promise<readonly Alarm[]> {
    return (await this.#alarms.all()).filter(({ over }) => !over);
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
    const queue = await this.#queue(signal);
    for (const { workflowId, kind, over, runId } of raised)
      candidates.set(workflowId, [
        ...(candidates.get(workflowId) ?? []),
        ...(kind === 'ended' && !over ? [runId] : []),
      ]);
    const ids = [...candidates.keys()];
    const kept: Alarm[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const looks = ids.slice(from, from + AT_ONCE).map((id) =>
        this.#lookAt(
          id,
          [...new Set(candidates.get(id))],
          raised.filter(({ workflowId }) => workflowId === id),
          now,
          signal,
          queue,
        ),
      );
      kept.push(...(await Promise.all(looks)).flat());
    }
    await this.#alarms.keep(kept);
  }

  /** Who polls the queue. What the server doesn't tell is no fault of a run. */
  async #queue(signal: AbortSignal): Promise<QueueBuilds | undefined> {
    const { client, taskQueue } = this.around;
    return await client
      .withDeadline(Date.now() + SERVER_MS, () =>
        client.withAbortSignal(signal, () => queueBuilds(client, client.options.namespace, taskQueue, 'workflows')),
      )
      .catch(() => undefined);
  }

  /** The workflow IDs of what runs, and of what has ended in the last day in a way that wants a look, each with those ended runs. */
  async #candidates(now: number): Promise<Map<string, string[]>> {
    const { client, taskQueue } = this.around;
    const ended = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled') AND CloseTime > '${new Date(now - DAY_MS).toISOString()}'`;
    const runs = new Map<string, string[]>();
    for await (const { workflowId } of client.workflow.list({ query: openRunsOn(taskQueue) })) runs.set(workflowId, []);
    for await (const { workflowId, runId } of client.workflow.list({ query: `${runsOn(taskQueue)} AND ${ended}` }))
      runs.set(workflowId, [...(runs.get(workflowId) ?? []), runId]);
    return runs;
  }

  /** The alarms about one workflow ID after this look. */
  async #lookAt(
    workflowId: string,
    endedRuns: readonly string[],
    raised: readonly Alarm[],
    now: number,
    signal: AbortSignal,
    queue: QueueBuilds | undefined,
  ): Promise<Alarm[]> {
    const { client, log } = this.around;
    const seenRun = (runId?: string) =>
      client.withDeadline(Date.now() + SERVER_MS, () =>
        client.withAbortSignal(signal, () => seeRun(client, workflowId, runId, queue)),
      );
    try {
      const newest = await seenRun();
      const seen = [newest];
      // What a run before has left live is unwatched until another one has to do with it.
      if (!takesCare(newest))
        for (const runId of endedRuns) if (runId !== newest.runId) seen.push(await seenRun(runId));
      return await this.#alarmsOf(seen, raised, now, signal);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return []; // the server remembers it no longer
      if (signal.aborted) return [...raised];
      log.warn({ err: error, workflowId }, 'the watchdog can’t look at this run; it tries again');
      return [...raised];
    }
  }

  /** @param seen the newest run, and those before it that nobody takes care of */
  async #alarmsOf(
    seen: readonly SeenRun[],
    raised: readonly Alarm[],
    now: number,
    signal: AbortSignal,
  ): Promise<Alarm[]> {
    const [newest] = seen;
    if (!newest) return [];
    const raisedOf = (of: SeenRun, kind: Alarm['kind']) =>
      raised.find((alarm) => !alarm.over && alarm.runId === of.runId && alarm.kind === kind);
    const faults = seen.flatMap((each) => {
      const fault = faultOfRun(each, now, raisedOf(each, 'stuck') !== undefined);
      return fault && (each === newest || fault.unwatched) ? [{ fault, of: each }] : [];
    });
    const isOf = ({ runId, kind }: Alarm) => faults.some(({ fault, of }) => runId === of.runId && kind === fault.kind);
    // An end that a channel hasn't taken yet would close what is told anew.
    const ends = raised.filter((alarm) => !isOf(alarm) && now - (alarm.overAt ?? now) <= DAY_MS);
    const alarms = (await Promise.all(ends.map((alarm) => this.#pages.takeBack(alarm, newest, now, signal)))).flat();
    for (const { fault, of } of faults) {
      const planHash = of.remembered?.planHash;
      const alarm: Alarm = {
        ...(raisedOf(of, fault.kind) ?? { since: now, times: 0, paged: [], untaken: [] }),
        workflowId: of.workflowId,
        runId: of.runId,
        kind: fault.kind,
        text: faultText(fault, of.workflowId),
        ...(planHash === undefined ? {} : { planHash }),
      };
      // The server is asked for what ended in the last day, so it isn't raised again.
      if (fault.kind === 'ended' && now - alarm.since > DAY_MS) continue;
      alarms.push(await this.#pages.page(alarm, fault.onPurpose === true, of, now, signal));
    }
    return alarms;
  }
}

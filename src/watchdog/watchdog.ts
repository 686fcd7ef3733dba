import { setMaxListeners } from 'node:events';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { announce, type AnnouncementOutlets } from '../activities/announcements.js';
import { ChannelUnusable, postOnce } from '../activities/channels/post-once.js';
import { pause } from '../activities/pause.js';
import { nextPage } from '../domain/pages.js';
import type { Plan } from '../domain/plan.js';
import type { Channel } from '../domain/playbook.js';
import { mayRepeat, type Post } from '../domain/post.js';
import { faultText, runFault } from '../domain/run-fault.js';
import { currentPlan, type PlanStore } from '../plans/plan-store.js';
import type { Environment } from '../plans/variables.js';
import { seeRun, type SeenRun } from '../temporal/seen-run.js';
import { Alarms, type Alarm } from './alarms.js';

export interface WatchdogOptions extends AnnouncementOutlets {
  readonly client: Client;
  readonly taskQueue: string;
  readonly plans: PlanStore;
  /** Where `${VAR}` of a channel resolves. */
  readonly environment: Environment;
  readonly log: Logger;
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
/** Without a plan nobody has said how often. */
const PAGE_AGAIN_MS = 600_000;

/**
 * Looks at the runs of this worker's queue from outside and pages when one can't tell people itself any more: its workflow task fails again and again, or it
 * is over without an outcome. It needs the server and the plan's channels, and nothing of the run.
 */
export class Watchdog {
  readonly #alarms: Alarms;
  #blind: string | undefined;

  constructor(private readonly around: WatchdogOptions) {
    this.#alarms = new Alarms(around.alarmsFile);
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
    const untold = (await Promise.all(ends.map((alarm) => this.#takeBack(alarm, seen, signal)))).flat();
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
    return [...untold, await this.#page(alarm, fault.onPurpose === true, seen, now, signal)];
  }

  /** Pages whom it is time to page, and those who haven't taken the last page. */
  async #page(alarm: Alarm, once: boolean, seen: SeenRun, now: number, signal: AbortSignal): Promise<Alarm> {
    const plan = await this.#planOf(alarm);
    const circle = (plan?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('pages'));
    const pageAgain = plan?.holds.pageAgain ?? PAGE_AGAIN_MS;
    const next = alarm.next ?? nextPage(circle, alarm.since, undefined, now, pageAgain);
    const isDue = now >= next.at && !(once && alarm.times > 0);
    const everybody = isDue && next.everybody;
    const times = alarm.times + (everybody ? 1 : 0);
    if (everybody) await announce({ kind: 'page', text: alarm.text }, alarm.workflowId, this.around);
    const to = new Set([...alarm.untaken, ...(isDue ? next.channels : [])]);
    const untaken = await this.#post('page', circle, to, alarm, times, seen, signal);
    const lastAt = everybody ? now : (alarm.lastAt ?? alarm.since);
    return {
      ...alarm,
      times,
      lastAt,
      next: isDue ? nextPage(circle, alarm.since, lastAt, next.everybody ? now : next.at, pageAgain) : next,
      paged: [...new Set([...alarm.paged, ...to])],
      untaken,
    };
  }

  /** It is over: channels that can take back a page do. Those that haven't taken that either are tried again. */
  async #takeBack(alarm: Alarm, seen: SeenRun, signal: AbortSignal): Promise<Alarm[]> {
    const { log } = this.around;
    if (!alarm.over) log.info({ workflowId: alarm.workflowId, runId: alarm.runId }, `over: ${alarm.text}`);
    const circle = ((await this.#planOf(alarm))?.channels ?? []).filter(({ kind }) => kind !== 'slack');
    const to = new Set(alarm.over ? alarm.untaken : alarm.paged);
    const untaken = await this.#post('resolve', circle, to, alarm, alarm.times, seen, signal);
    return untaken.length > 0 ? [{ ...alarm, over: true, untaken }] : [];
  }

  /** One try for each channel; returns those that have to be tried again. */
  async #post(
    kind: 'page' | 'resolve',
    circle: readonly Channel[],
    to: ReadonlySet<string>,
    alarm: Alarm,
    times: number,
    seen: SeenRun,
    signal: AbortSignal,
  ): Promise<string[]> {
    const { environment, log } = this.around;
    const { workflowId, runId, text } = alarm;
    const key = [workflowId, runId, alarm.kind].join('/');
    const post: Post = {
      id: `${key}/${times}`,
      kind,
      event: 'page',
      text,
      at: new Date().toISOString(),
      workflowId,
      environment: workflowId.replace(/^go-live-/, ''),
      release: seen.remembered?.release ?? seen.input?.release ?? 'unknown',
      dedupKey: key.slice(-255),
    };
    const tries = circle
      .filter(({ name }) => to.has(name))
      .map(async (channel) => {
        try {
          const verdict = await postOnce(channel, post, environment, signal);
          log.info({ workflowId, channel: channel.name, ...verdict }, `${kind} to ${channel.name}: ${verdict.state}`);
          const again =
            verdict.state === 'not-accepted' || (verdict.state === 'maybe-sent' && mayRepeat(channel, post));
          return again ? [channel.name] : [];
        } catch (error) {
          if (!(error instanceof ChannelUnusable)) throw error;
          log.warn({ workflowId, channel: channel.name }, `${kind} to ${channel.name}: ${error.message}`);
          return [channel.name];
        }
      });
    return (await Promise.all(tries)).flat();
  }

  /** The plan the run is frozen to; else what the playbook file says of its environment; else nobody is known but the built-in channel. */
  async #planOf({ planHash, workflowId }: Alarm): Promise<Plan | undefined> {
    const { plans, log } = this.around;
    try {
      if (planHash !== undefined) return await plans.load(planHash);
    } catch (error) {
      log.warn({ err: error, workflowId }, 'the watchdog takes the channels of the playbook file as it is now');
    }
    try {
      return (await currentPlan(plans.playbookFile, workflowId.replace(/^go-live-/, ''))).plan;
    } catch (error) {
      log.warn({ err: error, workflowId }, 'the watchdog knows no channel for this run: only this log and the console');
      return undefined;
    }
  }
}

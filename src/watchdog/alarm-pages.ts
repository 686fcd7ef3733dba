import { asCalled, calledAs } from '../domain/text/as-called.js';
import type { Logger } from 'pino';
import { announce, type AnnouncementOutlets } from '../activities/announcing/announcements.js';
import { ChannelUnusable, postOnce } from '../activities/announcing/channels/post-once.js';
import { environmentOf } from '../domain/run/workflow-id.js';
import { nextPage } from '../domain/people/pages.js';
import type { Plan } from '../domain/plan/plan.js';
import type { Channel } from '../domain/plan/playbook.js';
import { mayRepeat, type Post } from '../domain/announcing/post.js';
import { currentPlan, type PlanStore } from '../plans/plan-store.js';
import type { Environment } from '../plans/variables.js';
import type { SeenRun } from '../temporal/seen-run.js';
import type { Alarm } from './alarms.js';

/** Whom an alarm is told, and by what. */
export interface Outlets extends AnnouncementOutlets {
  readonly plans: PlanStore;
  /** Where `${VAR}` of a channel resolves. */
  readonly environment: Environment;
  readonly log: Logger;
}

/** Without a plan nobody has said how often. */
const PAGE_AGAIN_MS = 600_000;

/** Tells people of alarms, over the channels of the run's plan: again and wider like a hold, until they are over. */
export class AlarmPages {
  constructor(private readonly around: Outlets) {}

  /** Pages whom it is time to page, and those who haven't taken the last page. */
  async page(raised: Alarm, once: boolean, seen: SeenRun, now: number, signal: AbortSignal): Promise<Alarm> {
    const plan = await this.#planOf(raised);
    const { commandLine } = plan ?? {};
    const alarm = commandLine ? { ...raised, text: asCalled(raised.text, calledAs(commandLine)) } : raised;
    const circle = (plan?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('pages'));
    const pageAgain = plan?.holds.pageAgain ?? PAGE_AGAIN_MS;
    const next = alarm.next ?? nextPage(circle, alarm.since, undefined, now, pageAgain);
    const isDue = now >= next.at && !(once && alarm.times > 0);
    const everybody = isDue && next.everybody;
    const times = alarm.times + (everybody ? 1 : 0);
    if (everybody)
      await announce({ kind: 'page', text: alarm.text }, alarm.workflowId, this.around).catch((error: unknown) =>
        this.around.log.warn({ err: error, workflowId: alarm.workflowId }, 'the page is not in the announcements file'),
      );
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
  async takeBack(alarm: Alarm, seen: SeenRun, now: number, signal: AbortSignal): Promise<Alarm[]> {
    const { log } = this.around;
    if (!alarm.over) log.info({ workflowId: alarm.workflowId, runId: alarm.runId }, `over: ${alarm.text}`);
    const circle = ((await this.#planOf(alarm))?.channels ?? []).filter(({ kind }) => kind !== 'slack');
    const to = new Set(alarm.over ? alarm.untaken : alarm.paged);
    const untaken = await this.#post('resolve', circle, to, alarm, alarm.times, seen, signal);
    return untaken.length > 0 ? [{ ...alarm, over: true, overAt: alarm.overAt ?? now, untaken }] : [];
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
      environment: environmentOf(workflowId),
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
      return (await currentPlan(plans.playbookFile, environmentOf(workflowId))).plan;
    } catch (error) {
      log.warn({ err: error, workflowId }, 'the watchdog knows no channel for this run: only this log and the console');
      return undefined;
    }
  }
}

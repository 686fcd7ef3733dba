import { Context } from '@temporalio/activity';
import type { Values } from '../../domain/plan/placeholders.js';
import type { MadeOf } from '../../domain/metrics/measured.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import type { LiveVersion } from '../../domain/hypercare/heard-version.js';
import { SERVICE, type Segment, type TargetState } from '../../domain/watching/segment.js';
import type { Dependencies } from '../dependencies.js';
import { SegmentRecorder } from '../../domain/watching/segment-recorder.js';
import { inRows, inTable, type Travelling } from '../../domain/watching/state-table.js';
import { Beats } from './beats.js';
import { versionAt } from './live-version.js';
import { seenBy } from '../seen-by.js';
import { retryably } from '../patience.js';
import { pause } from '../pause.js';
import type { Reader } from './readings.js';
import { VersionPoll } from './version-poll.js';
import type { WantedReports } from './wanted-reports.js';

export interface ObserveInput {
  readonly planHash: string;
  readonly values: Values;
  /** How the contracts answered before the deploy, for a watch that looks at them. */
  readonly baseline?: Shapes;
  /** What each metric check was made of before the deploy, by its name. */
  readonly madeOf?: Readonly<Record<string, MadeOf>>;
  /** Where each check stood at the end of the segment before. */
  readonly states: readonly TargetState[];
  /** How long to look, in milliseconds, if nothing happens. */
  readonly segmentMs: number;
  /** A breach clock is due at the end: looks under way are broken off then, lest one that hangs put the decision off. */
  readonly decides?: boolean;
  /** A change that fires nothing doesn't end this segment: the one before ended with one, so flapping can't fill the history. */
  readonly coalesce?: boolean;
  /** It ends when each check has been looked at once, and the service was asked what it is. */
  readonly once?: boolean;
  /** How often it hears at first whether somebody wants its report now, in milliseconds (see {@link Beats}); a second when left out. */
  readonly beatMs?: number;
  /** Its number in its run, by which it is told that its report is wanted now. A run that 0.1.0 began may leave it out. */
  readonly segment?: number;
  /** What is calm is looked at no oftener than this, in milliseconds (hypercare's windows). */
  readonly pace?: number;
  /** What the service has said it is: it is asked again and again. Without it nobody asks. */
  readonly live?: LiveVersion;
}

/** As it is asked for. `asTable`: the states of the report are wanted as a table; whoever gives one reads one. Without it they are rows, as 0.1.0 reads them. */
export type ObserveRequest = Travelling<ObserveInput> & { readonly asTable?: true };

export interface ObserveActivities {
  readonly observe: (input: ObserveRequest) => Promise<Travelling<Segment>>;
}

/** What a worker that dies leaves behind. */
export interface Progress {
  readonly seen: Segment;
  /** Epoch milliseconds of the worker's clock. */
  readonly at: number;
  /** When the segment is over, on the same clock. */
  readonly endsAt: number;
}

/** Watching: one activity that looks at all its checks at their intervals and returns at the first flip or at the end of its segment (design §6). */
export function observeActivities(
  { plans, environment, shutdown, evidence }: Pick<Dependencies, 'plans' | 'environment' | 'shutdown' | 'evidence'>,
  read: Reader,
  wantedReports: WantedReports,
): ObserveActivities {
  return {
    async observe(asked) {
      const {
        planHash,
        values,
        baseline,
        madeOf,
        states: given,
        segmentMs,
        decides: decidesAtEnd = false,
        coalesce = false,
        once = false,
        beatMs = 1_000,
        segment: number,
        pace,
        live: known,
      } = inRows<ObserveInput>(asked);
      const context = Context.current();
      const plan = await retryably(() => plans.load(planHash));
      // A worker that died has left its counters in the heartbeat; the time nobody looked is a gap.
      const left = context.info.heartbeatDetails as Progress | undefined;
      const waited = Date.now() - (left?.at ?? context.info.scheduledTimestampMs);
      // A first attempt has its states from the workflow just now, by the clock of nobody here.
      const late = left || context.info.attempt > 1 ? Math.max(0, waited) : 0;
      const begun = performance.now();
      const seenBefore = left?.seen ?? { states: given };
      const recorder = new SegmentRecorder(seenBefore, plan, begun, late, coalesce, pace);
      const { see, of } = seenBy(evidence);
      see({ kind: 'segment', id: of, ms: begun, lateMs: late, coalesce, pace, given: seenBefore });
      const poll = known && new VersionPoll(left?.seen.live ?? known, plan, values, performance.now(), late, pace);
      const report = (now: number): Segment => {
        const segment = recorder.report(now);
        return {
          ...segment,
          ...(poll ? { live: poll.report(now) } : {}),
          // It ends with that: nothing puts the report off.
          ...(segment.fired ? { fired: segment.fired.map((each) => ({ at: Date.now(), ...each })) } : {}),
        };
      };
      // It ends when it should have: a breach clock may be due then, whoever has died meanwhile.
      const lastsMs = Math.max(0, left ? left.endsAt - Date.now() : segmentMs - late);
      const endsAt = Date.now() + lastsMs;
      const noticed = new AbortController();
      /** Breaks off looks that are under way: somebody doesn't wait for them any more. */
      const broken = AbortSignal.any([context.cancellationSignal, shutdown, noticed.signal]);
      const over = new AbortController();
      /** Begins no further look. Those under way come to their end: a target that hangs must be seen hanging, however short segments are. */
      const ending = AbortSignal.any([broken, over.signal]);
      const beats = new Beats(beatMs, () =>
        context.heartbeat({ seen: report(performance.now()), at: Date.now(), endsAt } satisfies Progress),
      );
      const runId = context.info.workflowExecution?.runId;
      const stopListening =
        runId === undefined || number === undefined
          ? undefined
          : wantedReports.listen(runId, number, () => noticed.abort());
      const timers = [setTimeout(() => (decidesAtEnd ? noticed : over).abort(), lastsMs)];
      const tellWithin = (milliseconds: number) => {
        if (milliseconds === 0) noticed.abort();
        else if (milliseconds < Infinity)
          timers.push(setTimeout(() => tellWithin(recorder.tellWithin(performance.now())), milliseconds));
      };
      tellWithin(recorder.tellWithin(performance.now()));

      const watchOne = async ({ index, check, target, inMs }: ReturnType<SegmentRecorder['due']>[number]) => {
        let due = performance.now() + inMs;
        for (;;) {
          await pause(due - performance.now(), ending);
          if (ending.aborted) return;
          const began = performance.now();
          const reading = await read({
            plan,
            planHash,
            check,
            target,
            values,
            ...(baseline ? { baseline } : {}),
            before: madeOf?.[check.name],
            signal: broken,
          }).catch((error: unknown) => {
            if (!broken.aborted) throw error;
          });
          if (!reading || broken.aborted) return;
          const ms = performance.now();
          see({ kind: 'look', of, ms, check: check.name, target, reading });
          tellWithin(recorder.take(index, reading, ms));
          // Should this worker die, the next one counts on.
          if (!recorder.isCalm(index)) beats.now();
          if (once) return;
          // How soon depends on what was seen. A look that took long puts the next one off, never two at once.
          due = Math.max(due, began) + recorder.everyMs(index);
        }
      };

      const listen = async (each: VersionPoll) => {
        for (;;) {
          await pause(each.dueIn(performance.now()), ending);
          if (ending.aborted) return;
          const answer = await versionAt(plan, SERVICE, environment, broken).catch((error: unknown) => {
            if (!broken.aborted) throw error;
          });
          if (!answer || broken.aborted) return;
          see({ kind: 'version', of, target: SERVICE, ...answer });
          if (each.hear(answer.version, performance.now()) && !coalesce) noticed.abort();
          if (once) return;
        }
      };

      try {
        await Promise.all([...recorder.due(performance.now()).map(watchOne), ...(poll ? [listen(poll)] : [])]);
      } finally {
        timers.forEach(clearTimeout);
        beats.stop();
        stopListening?.();
        noticed.abort();
      }
      // Cancelled or not, what was seen is handed over: the workflow cancels a segment to have its report now.
      const ms = performance.now();
      const told = report(ms);
      see({ kind: 'report', of, ms, report: told });
      return asked.asTable ? inTable(told, given) : told;
    },
  };
}

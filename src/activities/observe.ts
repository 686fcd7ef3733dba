import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Check } from '../domain/playbook.js';
import { firedTrigger, look, standing, type Segment, type TargetState } from '../domain/watching.js';
import { targetUrl } from './targets.js';
import { probe } from './probe.js';
import type { Contacts } from './contacts.js';
import { retryably } from './patience.js';

export interface ObserveInput {
  readonly planHash: string;
  /** Where each check stood at the end of the segment before. */
  readonly states: readonly TargetState[];
  /** How long to look, in milliseconds, if nothing happens. */
  readonly segmentMs: number;
  /** A change that fires nothing doesn't end this segment: the one before ended with one, so flapping can't fill the history. */
  readonly coalesce: boolean;
}

export interface ObserveActivities {
  readonly observe: (input: ObserveInput) => Promise<Segment>;
}

interface Progress {
  readonly states: readonly TargetState[];
}

/** Watching: one activity that looks at all its checks at their intervals and returns at the first flip or at the end of its segment (design §6). */
export function observeActivities({ plans, environment, shutdown }: Contacts): ObserveActivities {
  return {
    async observe({ planHash, states: given, segmentMs, coalesce }) {
      const context = Context.current();
      const plan = await retryably(() => plans.load(planHash));
      // A worker that died has left its counters in the heartbeat; the time it saw is not claimed.
      const states = [...((context.info.heartbeatDetails as Progress | undefined)?.states ?? given)];
      const started = performance.now();
      const lastLook = states.map((state) => (state.lastAgeMs === undefined ? undefined : started - state.lastAgeMs));
      let seenSince = lastLook.includes(undefined) ? undefined : started;
      let looks = 0;
      let lastUnclean: number | undefined;
      let fired: Segment['fired'];
      let flipped = false;
      const noticed = new AbortController();
      /** Breaks off looks that are under way: somebody doesn't wait for them any more. */
      const broken = AbortSignal.any([context.cancellationSignal, shutdown, noticed.signal]);
      const over = new AbortController();
      /** Begins no further look. Those under way come to their end: a target that hangs must be seen hanging, however short segments are. */
      const ending = AbortSignal.any([broken, over.signal]);

      const lookOnce = async (index: number, check: Check, url: string) => {
        const reading = await probe(url + check.path, check.timeout, broken).catch((error: unknown) => {
          if (!broken.aborted) throw error;
        });
        if (!reading || broken.aborted) return;
        const now = performance.now();
        const previous = lastLook[index];
        lastLook[index] = now;
        if (!lastLook.includes(undefined) && (previous === undefined || now - previous > 2 * check.every + check.timeout)) seenSince = now;
        looks += 1;
        const before = states[index] as TargetState;
        const after = look(before, reading);
        states[index] = after;
        if (!reading.ok) lastUnclean = now;
        const trigger = reading.ok ? undefined : firedTrigger(plan.triggers, after);
        if (trigger) fired = { trigger: trigger.name, check: check.name, target: after.target, detail: `${after.failures} in a row, the last: ${reading.text}` };
        flipped ||= !coalesce && standing(before) !== 'not looked at' && standing(after) !== standing(before);
        if (fired ?? flipped) noticed.abort();
      };
      const watchOne = async (index: number, check: Check, url: string) => {
        let due = (lastLook[index] ?? started - check.every) + check.every;
        while (!ending.aborted) {
          await pause(due - performance.now(), ending);
          if (ending.aborted) return;
          // A look that took long puts the next one off, never two at once.
          due = Math.max(due, performance.now()) + check.every;
          await lookOnce(index, check, url);
        }
      };

      const heartbeat = setInterval(() => context.heartbeat({ states } satisfies Progress), 1_000);
      const end = setTimeout(() => over.abort(), segmentMs);
      try {
        await Promise.all(
          states.map((state, index) => {
            const check = plan.checks.find((each) => each.name === state.check);
            if (!check) throw new Error(`The plan has no check "${state.check}".`);
            return retryably(() => targetUrl(plan, state.target, environment)).then((url) => watchOne(index, check, url));
          }),
        );
      } finally {
        clearInterval(heartbeat);
        clearTimeout(end);
        noticed.abort();
      }
      // Cancelled or not, what was seen is handed over: the workflow cancels a segment to have its report now.
      const now = performance.now();
      const stale = states.some((state, index) => now - (lastLook[index] ?? 0) > 2 * longest(plan.checks) || state.last === undefined);
      return {
        states: states.map((state, index) => ({ ...state, ...(lastLook[index] === undefined ? {} : { lastAgeMs: now - lastLook[index] }) })),
        observedMs: seenSince === undefined || stale ? 0 : now - seenSince,
        endedAt: Date.now(),
        ...(lastUnclean === undefined ? {} : { lastUncleanAgeMs: now - lastUnclean }),
        looks,
        ...(fired ? { fired } : {}),
      };
    },
  };
}

/** The longest that two looks of a check may lie apart by its own interval and patience, in milliseconds. */
const longest = (checks: readonly Check[]) => Math.max(...checks.map(({ every, timeout }) => every + timeout));

/** Waits, or less when the signal comes. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined); // the signal is all that can end it early
}

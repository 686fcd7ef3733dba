import { CancelledFailure, Context } from '@temporalio/activity';
import type { Check } from '../domain/playbook.js';
import { firedTrigger, look, standing, type Segment, type TargetState } from '../domain/watching.js';
import { targetUrl } from './targets.js';
import { probe } from './probe.js';
import type { Contacts } from './contacts.js';

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
      const plan = await plans.load(planHash);
      // A worker that died has left its counters in the heartbeat; the time it saw is not claimed.
      const states = [...((context.info.heartbeatDetails as Progress | undefined)?.states ?? given)];
      const started = performance.now();
      const lastLook = states.map((state) => (state.lastAgeMs === undefined ? undefined : started - state.lastAgeMs));
      let seenSince = lastLook.includes(undefined) ? undefined : started;
      let looks = 0;
      let lastUnclean: number | undefined;
      let fired: Segment['fired'];
      let flipped = false;
      const done = new AbortController();
      const finished = AbortSignal.any([context.cancellationSignal, shutdown, done.signal]);

      const lookOnce = async (index: number, check: Check, url: string) => {
        const reading = await probe(url + check.path, check.timeout, finished);
        if (finished.aborted) return;
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
        if (fired ?? flipped) done.abort();
      };
      const watchOne = async (index: number, check: Check, url: string) => {
        let due = (lastLook[index] ?? started - check.every) + check.every;
        while (!finished.aborted) {
          await pause(due - performance.now(), finished);
          if (finished.aborted) return;
          // A look that took long puts the next one off, never two at once.
          due = Math.max(due, performance.now()) + check.every;
          await lookOnce(index, check, url);
        }
      };

      const heartbeat = setInterval(() => context.heartbeat({ states } satisfies Progress), 1_000);
      const end = setTimeout(() => done.abort(), segmentMs);
      try {
        await Promise.all(
          states.map((state, index) => {
            const check = plan.checks.find((each) => each.name === state.check);
            if (!check) throw new Error(`The plan has no check "${state.check}".`);
            return watchOne(index, check, targetUrl(plan, state.target, environment));
          }),
        );
      } finally {
        clearInterval(heartbeat);
        clearTimeout(end);
        done.abort();
      }
      if (context.cancellationSignal.aborted && !fired && !shutdown.aborted) throw new CancelledFailure('watching was ended');
      const now = performance.now();
      return {
        states: states.map((state, index) => ({ ...state, ...(lastLook[index] === undefined ? {} : { lastAgeMs: now - lastLook[index] }) })),
        observedMs: seenSince === undefined ? 0 : now - seenSince,
        ...(lastUnclean === undefined ? {} : { lastUncleanAgeMs: now - lastUnclean }),
        looks,
        ...(fired ? { fired } : {}),
      };
    },
  };
}

/** Waits, or less when the signal comes. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  await new Promise<void>((wake) => {
    const timer = setTimeout(ended, milliseconds);
    signal.addEventListener('abort', ended, { once: true });
    function ended() {
      clearTimeout(timer);
      signal.removeEventListener('abort', ended);
      wake();
    }
  });
}

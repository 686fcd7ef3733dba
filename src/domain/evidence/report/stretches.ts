import { SERVICE } from '../../watching/segment.js';
import { whereText, type Course } from '../../run/course.js';
import type { Inputs, Verdict } from '../rules.js';
import { decidedOf, type Kept } from './kept.js';

/** A stretch of time. Without an end it goes on. */
interface Stretch {
  readonly from: string;
  readonly to?: string;
}

/** Where the run stood: `preflight`, `deploy canary`, `soak canary`, `rollback`. */
export interface Span extends Stretch {
  readonly name: string;
  readonly is: Course['is'];
  readonly part?: 'deploying' | 'soaking';
}

/** A question to people, and its answer. One that has neither answer nor `choice` was closed by what happened. */
export interface Hold extends Stretch {
  readonly id: string;
  readonly reason: string;
  readonly choice?: string;
  readonly by?: string;
  readonly why?: string;
}

/** How long the condition of a trigger held. */
export interface Clock extends Stretch {
  readonly trigger: string;
  readonly check: string;
  readonly target: string;
  readonly ended: 'fired' | 'cleared' | 'not seen to its end';
}

/** A check without readings. */
export interface Blind extends Stretch {
  readonly check: string;
  readonly target: string;
}

/** A trigger that fired, what on, and what followed. */
export interface Firing {
  readonly at: string;
  readonly trigger: string;
  readonly check?: string;
  readonly target?: string;
  readonly detail: string;
  readonly did: string;
}

const iso = (moment: number): string => new Date(moment).toISOString();

/** The way of the run, one stretch for each place it was at. */
export function phasesOf(kept: Kept): Span[] {
  const spans: (Span & { to?: string })[] = [];
  for (const { at, course } of decidedOf(kept, 'course')) {
    const last = spans.at(-1);
    const name = course.is === 'stopping' ? 'stopping' : whereText(course);
    if (last?.name === name) continue;
    if (last) last.to = at;
    if (course.is === 'ended') break;
    spans.push({ name, is: course.is, from: at, ...(course.is === 'rolling-out' ? { part: course.part } : {}) });
  }
  return spans;
}

/** The questions to people. */
export function holdsOf(kept: Kept): Hold[] {
  const holds: (Hold & { to?: string })[] = [];
  for (const record of decidedOf(kept, 'hold')) {
    const open = holds.findIndex((each) => each.id === record.id && each.to === undefined);
    const before = holds[open];
    if (record.state === 'open') {
      // Asked again in other words: it is the same question.
      if (before) holds[open] = { ...before, reason: record.reason };
      else holds.push({ id: record.id, reason: record.reason, from: record.at });
    } else if (before) {
      const { choice, by, reason } = record;
      holds[open] = {
        ...before,
        to: record.at,
        ...(choice === undefined ? {} : { choice }),
        ...(by === undefined ? {} : { by }),
        ...(reason === undefined ? {} : { why: reason }),
      };
    }
  }
  return holds;
}

/** The breach clocks, from the reports of watching as the run took them. */
export function clocksOf(kept: Kept): Clock[] {
  const clocks: Clock[] = [];
  const running = new Map<string, { clock: Omit<Clock, 'to' | 'ended'>; seenTo: number; fired: boolean }>();
  const close = (key: string, ended: Clock['ended'], to: number) => {
    const open = running.get(key);
    if (!open) return;
    running.delete(key);
    if (!open.fired) clocks.push({ ...open.clock, to: iso(to), ended });
  };
  for (const record of decidedOf(kept, 'verdict')) {
    if (record.rule !== 'report') continue;
    const { seenTo } = record.inputs as Inputs<'report'>;
    const { fired, known } = record.outcome as Verdict<'report'>;
    for (const { check, target, breaches } of known.states) {
      const of = `${check} ${target} `;
      for (const { trigger } of breaches) {
        const key = `${of}${trigger}`;
        const from = iso(known.since[key] ?? seenTo);
        const open = running.get(key);
        running.set(key, {
          clock: open?.clock ?? { trigger, check, target, from },
          seenTo,
          fired: open?.fired ?? false,
        });
      }
      for (const key of [...running.keys()])
        if (key.startsWith(of) && !breaches.some(({ trigger }) => key === `${of}${trigger}`))
          close(key, 'cleared', seenTo);
    }
    for (const { check, target, trigger } of fired) {
      const open = running.get(`${check} ${target} ${trigger}`);
      if (!open) continue;
      clocks.push({ ...open.clock, to: record.at, ended: 'fired' });
      open.fired = true;
    }
  }
  for (const [key, { seenTo }] of [...running]) close(key, 'not seen to its end', seenTo);
  return clocks.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The times without readings: those that ended, as the run noted them, and those that go on, or did at its end. */
export function blindOf(kept: Kept): Blind[] {
  const noted = decidedOf(kept, 'blind').map(({ check, target, from, to }) => ({ check, target, from, to }));
  const left = (decidedOf(kept, 'end').at(-1)?.status.blind ?? []).filter((each) => each.to === undefined);
  return [...noted, ...left.map(({ check, target, from }) => ({ check, target, from }))];
}

/** The triggers that fired, in order. */
export function firingsOf(kept: Kept): Firing[] {
  let reported: readonly { trigger: string; check: string; target: string; detail: string }[] = [];
  return decidedOf(kept, 'verdict').flatMap((record): Firing[] => {
    const { at, rule } = record;
    if (rule === 'report') reported = (record.outcome as Verdict<'report'>).fired;
    if (rule === 'alert') {
      const { trigger } = record.inputs as Inputs<'alert'>;
      reported = [{ trigger, check: 'alert', target: SERVICE, detail: (record.outcome as Verdict<'alert'>).detail }];
    }
    if (rule !== 'trigger') return [];
    const { trigger } = record.inputs as Inputs<'trigger'>;
    const { check, target, detail = '' } = reported.find((each) => each.trigger === trigger) ?? {};
    return [{ at, trigger, detail, did: String(record.outcome), ...(check && target ? { check, target } : {}) }];
  });
}

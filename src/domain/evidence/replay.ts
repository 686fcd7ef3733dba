import { externalDeadline, inPlace, type ExternalAlerts } from '../alerts/external-alerts.js';
import { readAlert } from '../alerts/alert.js';
import { takeBounded } from '../alerts/bounded-alerts.js';
import type { Plan } from '../plan/plan.js';
import { isExternal, type TriggerAction } from '../plan/playbook/trigger.js';
import { SERVICE } from '../watching/segment.js';
import { comparable, limited } from './comparable.js';
import { keptWatches } from './kept-looks.js';
import type { DecidedRecord, SeenRecord } from './record.js';
import { ReplayedWatch, type Fired } from './replayed-watch.js';
import { replaySoaks, soaksUnknown, type SoakReplay } from './replay-soaks.js';

/** What one trigger did, and what it would have done: its first firing at each target, ISO. */
export interface TriggerReplay {
  readonly trigger: string;
  readonly target: string;
  readonly action: TriggerAction;
  readonly then?: { readonly at: string; readonly detail: string };
  readonly now?: { readonly at: string; readonly detail: string };
  /** Why nobody can say whether it would have fired. */
  readonly why?: string;
}

export interface Replay {
  /** Up to when its looks say something of this release: its stop, or the last of them; ISO. */
  readonly until: string;
  readonly stopped: boolean;
  readonly triggers: readonly TriggerReplay[];
  readonly soaks: readonly SoakReplay[];
  /** When the first trigger that rolls back would have fired, ISO. Whatever is after that nobody can know. */
  readonly rollsBackAt?: string;
  /** What can't be known, in words. */
  readonly unknown: readonly string[];
}

/** What is kept of one go-live. */
export interface Replayed {
  readonly decided: readonly DecidedRecord[];
  readonly runs: readonly { readonly seen: readonly SeenRecord[] }[];
  readonly plan: Plan;
}

/**
 * What the triggers and soaks of another plan would have decided on the looks that are kept of a go-live, by the same rules. Only looks of its way forward
 * count: after a stop they are of another release.
 */
export function replay({ decided, runs, plan }: Replayed, other: Plan): Replay {
  const stop = decided.find((each) => each.kind === 'stop');
  const kept = keptWatches(runs);
  const until = stop ? Date.parse(stop.at) : Math.max(...kept.map(({ to }) => to), ...lastOf(decided));
  const known = comparable(plan, other, kept);
  const watches = () =>
    kept
      .map((watch) => limited(watch, known.plan, until))
      .filter(({ of, from }) => of.length > 0 && from <= until)
      .map((watch) => new ReplayedWatch(watch, known.plan, known.thinned));
  const all = watches();
  for (const watch of all) {
    watch.advance(until);
    watch.report(Math.min(until, watch.kept.to));
  }
  const now = [...all.flatMap(({ fired }) => fired), ...firedFromOutside(decided, other, until)];
  const triggers = compared(firedThen(decided, until), now, plan, other, known.plan);
  const rollsBack = now.filter(({ trigger }) => actionOf(trigger, other) === 'rollback').map(({ at }) => at);
  return {
    until: new Date(until).toISOString(),
    stopped: stop !== undefined,
    triggers,
    soaks: replaySoaks(decided, other, watches, until),
    ...(rollsBack.length > 0 ? { rollsBackAt: new Date(Math.min(...rollsBack)).toISOString() } : {}),
    unknown: [...known.unknown, ...soaksUnknown(decided, other, until)],
  };
}

const lastOf = (decided: readonly DecidedRecord[]) => decided.slice(-1).map(({ at }) => Date.parse(at));
const actionOf = (trigger: string, { triggers }: Plan): TriggerAction | undefined =>
  triggers.find(({ name }) => name === trigger)?.action;

/** What had fired, by the verdicts on record. */
function firedThen(decided: readonly DecidedRecord[], until: number): Fired[] {
  return decided.flatMap((record): Fired[] => {
    const at = Date.parse(record.at);
    if (record.kind !== 'verdict' || at > until) return [];
    if (record.rule === 'report') {
      const { fired } = record.outcome as { fired: readonly Omit<Fired, 'at'>[] };
      return fired.map((each) => ({ ...each, at }));
    }
    if (record.rule !== 'alert') return [];
    const { trigger } = record.inputs as { trigger: string };
    return [{ at, trigger, check: 'alert', target: SERVICE, detail: (record.outcome as { detail: string }).detail }];
  });
}

/** What alerts would have fired: each message as it was told. */
function firedFromOutside(decided: readonly DecidedRecord[], { triggers }: Plan, until: number): Fired[] {
  const told = decided.flatMap((each) => (each.kind === 'told' && each.name === 'alert' ? [each] : []));
  const moments = [...told.map(({ at }) => Date.parse(at)), until];
  return triggers.filter(isExternal).flatMap((trigger): Fired[] => {
    let alerts: ExternalAlerts = [];
    for (const [index, { at, payload }] of told.entries()) {
      const heard = Date.parse(at);
      const alert = readAlert(payload, heard);
      if (!('refused' in alert) && alert.trigger === trigger.name)
        alerts = takeBounded(alerts, inPlace(alerts, { heard, ...alert }, heard));
      const due = Math.max(heard, externalDeadline(alerts, trigger) ?? Infinity);
      if (due <= Math.min(moments[index + 1] ?? until, until))
        return [{ at: due, trigger: trigger.name, check: 'alert', target: SERVICE, detail: 'fires' }];
    }
    return [];
  });
}

function compared(
  then: readonly Fired[],
  now: readonly Fired[],
  plan: Plan,
  other: Plan,
  { triggers: followed }: Plan,
): TriggerReplay[] {
  const keys = new Map([...then, ...now].map((each) => [`${each.trigger} ${each.target}`, each]));
  return [...keys.values()].map(({ trigger, target }) => {
    const first = (all: readonly Fired[]) => {
      const [found] = all
        .filter((each) => each.trigger === trigger && each.target === target)
        .sort((a, b) => a.at - b.at);
      return found && { at: new Date(found.at).toISOString(), detail: `${found.check} at ${target}: ${found.detail}` };
    };
    const [was, is] = [first(then), first(now)];
    const action = actionOf(trigger, other) ?? actionOf(trigger, plan) ?? 'rollback';
    const why =
      actionOf(trigger, other) === undefined
        ? 'this file has no such trigger'
        : followed.some(({ name }) => name === trigger)
          ? undefined
          : "nobody can know whether it would fire: its check can't be compared";
    return {
      trigger,
      target,
      action,
      ...(was ? { then: was } : {}),
      ...(is ? { now: is } : why === undefined ? {} : { why }),
    };
  });
}

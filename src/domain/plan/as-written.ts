import { maskedAddresses, maskedAt } from './masked.js';
import { isExternal } from './playbook/trigger.js';
import { formatValue, type Bound, type Unit } from './playbook/bound.js';
import type { Check, Trigger } from './playbook.js';
import type { Plan } from './plan.js';
import { shownArguments } from '../run/rehearsal.js';
import { formatDuration } from '../time/duration.js';

/** One value of a plan: as it is compared, and as people may see it, without what is secret. */
export interface Written {
  readonly value: string;
  readonly shown: string;
}

/** Every value of a plan under its path, in the words of its file: `triggers.latency.for` is `15m`. What is named in a list is found by its name. */
export function asWritten(plan: Plan): Map<string, Written> {
  const { environment, checks, triggers, messages, ...rest } = plan;
  const { name, ...where } = environment;
  const words = {
    environments: { [name]: where },
    ...rest,
    checks: checks.map(writtenCheck),
    triggers: triggers.map((trigger) => writtenTrigger(trigger, checks)),
    messages: Object.fromEntries(
      Object.entries(messages).map(([event, { text, nextUpdate }]) => [
        event,
        nextUpdate === undefined ? text : { text, nextUpdate },
      ]),
    ),
  };
  return new Map(leaves(words, []));
}

function writtenCheck(check: Check): object {
  const { kind, ...looks } = check;
  if (kind === 'contracts' || kind === 'integrity') return { ...looks, [kind]: true };
  if (check.kind !== 'metric') return looks;
  const { name, every, timeout, unit, source, guardrail, mayBeIdle } = check;
  const own = 'promql' in source ? { unit } : {};
  return { name, every, timeout, ...source, ...own, guardrail: writtenBound(guardrail, unit), mayBeIdle };
}

function writtenTrigger(trigger: Trigger, checks: readonly Check[]): object {
  const { name, action } = trigger;
  const lasting = trigger.for > 0 ? { for: trigger.for } : {};
  if (isExternal(trigger)) return { name, external: true, ...lasting, action };
  const { check, consecutive, breach } = trigger;
  const looked = checks.find((each) => each.name === check);
  const unit = looked?.kind === 'metric' ? looked.unit : 'number';
  return { name, check, consecutive, ...lasting, ...(breach ? writtenBound(breach, unit) : {}), action };
}

const writtenBound = ({ is, value }: Bound, unit: Unit): object => ({
  [is]: formatValue(value, unit, [value]).replace(' ', ''),
});

type Leaf = [path: string, Written];

function leaves(value: unknown, path: readonly string[]): Leaf[] {
  if (Array.isArray(value)) return listLeaves(value, path);
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
  // Every number with a unit is a duration: shares and bounds are text by now.
  const written = typeof value === 'number' && !COUNTS.has(path.at(-1) ?? '') ? inWords(value) : String(value);
  return [[path.join('.'), { value: written, shown: maskedAt(written, path) }]];
}

const COUNTS = new Set(['version', 'samples', 'attempts', 'consecutive']);
const inWords = (milliseconds: number): string => formatDuration(milliseconds).replaceAll(' ', '');

function listLeaves(list: readonly unknown[], path: readonly string[]): Leaf[] {
  const key = path.at(-1);
  const named = list.flatMap((each) => nameOf(each) ?? []);
  if (list.length > 0 && named.length === list.length)
    return [
      [path.join('.'), same(`[${named.join(', ')}]`)],
      ...list.flatMap((each, index) => leaves(withoutName(each as object), [...path, named[index] ?? ''])),
    ];
  if (list.some((each) => typeof each !== 'string'))
    return list.flatMap((each, index) => leaves(each, [...path, String(index + 1)]));
  const texts = list as readonly string[];
  const value =
    key === 'run' || key === 'dryRun'
      ? shownArguments(texts)
      : `[${texts.map((each) => JSON.stringify(each)).join(', ')}]`;
  return [[path.join('.'), { value, shown: maskedAddresses(value) }]];
}

const same = (value: string): Written => ({ value, shown: value });

/** Contracts are known by their path. */
function nameOf(each: unknown): string | undefined {
  const { name, path, has } = (each ?? {}) as { name?: string; path?: string; has?: unknown };
  return name ?? (has === undefined ? undefined : path);
}

function withoutName(each: object): object {
  const { name, ...rest } = each as { name?: string };
  return name === undefined ? each : rest;
}

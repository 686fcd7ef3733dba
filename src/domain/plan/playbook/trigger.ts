import { z } from 'zod';
import { boundKeys, boundOf, hasBound, type Bound } from './bound.js';
import type { Check } from './check.js';
import { name, positive } from './scalars.js';

/** What a trigger that fires does. `ask` makes a question to people of it; `note` only records that it would have fired: the trigger is advisory. */
export type TriggerAction = 'rollback' | 'ask' | 'note';

interface Fires {
  readonly name: string;
  readonly action: TriggerAction;
  /** How long the condition has to hold, in milliseconds; 0 fires at once. */
  readonly for: number;
}
/** A rule over the readings of a check (playbook §4). */
export interface CheckTrigger extends Fires {
  readonly check: string;
  /** So many breaching readings in a row; 1 unless it is counted. */
  readonly consecutive: number;
  /** What a metric has to be for a breach; every other check breaches when it isn't as it should be. */
  readonly breach?: Bound;
}
/** A rule that somebody else keeps: the signal `alert` says whether it is met. */
export interface ExternalTrigger extends Fires {
  readonly external: true;
}
export type Trigger = CheckTrigger | ExternalTrigger;
export const isExternal = (trigger: Trigger): trigger is ExternalTrigger => 'external' in trigger;
/** It does nothing but be counted: a team gets to trust a rule before it acts. */
export const isAdvisory = ({ action }: Pick<Trigger, 'action'>): boolean => action === 'note';
/** Whether any of these firings is of a trigger that does something. */
export const anyActs = (fired: readonly { readonly trigger: string }[], triggers: readonly Trigger[]): boolean =>
  fired.some(({ trigger }) => !triggers.some((each) => each.name === trigger && isAdvisory(each)));

/** A trigger as it is written; what it means depends on the check it names. */
export const writtenTrigger = z.strictObject({
  name,
  check: name.optional(),
  external: z.literal(true).optional(),
  consecutive: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1_000, 'must be at most 1000')
    .optional(),
  for: positive.optional(),
  ...boundKeys,
  action: z.enum(['rollback', 'ask', 'note'], 'must be rollback, ask or note'),
});

/** Reads a trigger against the checks there are. What is wrong with it goes to `fault`. */
export function readTrigger(
  written: z.output<typeof writtenTrigger>,
  checks: readonly Check[],
  fault: (message: string, key?: string) => void,
): Trigger | undefined {
  const { name, action, check: checkName, external, consecutive } = written;
  const shared = { name, action, for: written.for ?? 0 };
  if ((checkName === undefined) === (external === undefined)) return void fault('needs either check or external: true');
  if (external) {
    if (consecutive !== undefined || hasBound(written))
      return void fault(
        'is external: whoever sends the alert decides about values and counts. Only for and action go with it',
      );
    return { ...shared, external };
  }
  const check = checks.find((each) => each.name === checkName);
  if (!check)
    return void fault(
      `names the check "${checkName}", which isn't under checks (${checks.map((each) => each.name).join(', ')})`,
      'check',
    );
  if (consecutive !== undefined && written.for !== undefined)
    return void fault('counts readings (consecutive) or time (for), not both');
  const rule = { ...shared, check: check.name, consecutive: consecutive ?? 1 };
  if (check.kind === 'metric') {
    const breach = boundOf(written, check.unit, fault);
    return breach && { ...rule, breach };
  }
  if (hasBound(written)) return void fault(`has a value to compare with, but the check "${check.name}" measures none`);
  if (check.kind === 'probe' && consecutive === undefined && written.for === undefined)
    return void fault('needs consecutive, how many bad answers in a row it takes, or for, how long');
  return rule;
}

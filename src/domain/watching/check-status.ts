import { breachText, clockText, deadline, type BreachClock } from './breach-clock.js';
import type { Plan } from '../plan/plan.js';
import { formatBound } from '../plan/playbook/bound.js';
import type { Standing } from './reading.js';
import { firesText } from './rule-text.js';
import { isAdvisory, type TriggerAction } from '../plan/playbook/trigger.js';
import { triggersOf, type TargetState } from './segment.js';

/** One check at one target, as people read it in a status. */
export interface CheckStatus {
  readonly check: string;
  readonly target: string;
  readonly standing: Standing;
  /** Readings in a row that were not clean. */
  readonly failures: number;
  /** The last look, such as `612 ms` or `503 in 4 ms`. */
  readonly last?: string;
  /** The last measured value, in the check's unit. */
  readonly value?: number;
  /** What it should be, such as `< 350 ms`. */
  readonly guardrail?: string;
  readonly triggers: readonly {
    readonly name: string;
    readonly action: TriggerAction;
    /** When it fires, such as `> 500 ms for 15m`. */
    readonly fires: string;
    /** How far it is, such as `p95 612 ms > 500 ms for 11m 20s of 15m` or `2 of 3 in a row`; absent while its condition doesn't hold. */
    readonly running?: string;
    /** Its breach clock, while one runs. An advisory trigger counts down to nothing. */
    readonly clock?: {
      /** What runs it, such as `p95 612 ms > 500 ms`. */
      readonly says: string;
      /** When it fires, ISO, if the condition holds until then. */
      readonly due: string;
    };
  }[];
}

export function checkStatus(
  { checks, triggers }: Pick<Plan, 'checks' | 'triggers'>,
  state: TargetState,
  clocks: readonly BreachClock[],
  now: number,
): CheckStatus {
  const check = checks.find(({ name }) => name === state.check);
  return {
    check: state.check,
    target: state.target,
    standing: state.standing,
    failures: state.failures,
    ...(state.last === undefined ? {} : { last: state.last }),
    ...(state.value === undefined ? {} : { value: state.value }),
    ...(check?.kind === 'metric' ? { guardrail: formatBound(check.guardrail, check.unit) } : {}),
    triggers: !check
      ? []
      : triggersOf(triggers, state.check).map((trigger) => {
          const breach = state.breaches.find((each) => each.trigger === trigger.name);
          const clock = clocks.find((each) => each.trigger === trigger.name && each.target === state.target);
          const advisory = isAdvisory(trigger);
          const far = breach?.fired
            ? advisory
              ? 'would have fired'
              : 'has fired'
            : clock
              ? clockText(clock, trigger, check, state, now)
              : breach && trigger.consecutive > 1
                ? `${breach.count} of ${trigger.consecutive} in a row`
                : undefined;
          return {
            name: trigger.name,
            action: trigger.action,
            fires: firesText(trigger, check),
            ...(far === undefined ? {} : { running: advisory ? `advisory, ${far}` : far }),
            ...(clock && !breach?.fired && !advisory
              ? {
                  clock: {
                    says: `${check.name} ${breachText(trigger, check, state)}`.replace(/,$/, ''),
                    due: new Date(deadline(clock, trigger)).toISOString(),
                  },
                }
              : {}),
          };
        }),
  };
}

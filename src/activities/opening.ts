import { ApplicationFailure } from '@temporalio/activity';
import { freezing, type Freezing } from '../domain/freeze/freeze-window.js';
import type { Opening } from '../domain/run/opening.js';
import { SEARCH_ATTRIBUTES } from '../temporal/server-settings.js';
import { missingForPlan } from '../plans/variables.js';
import type { Dependencies } from './dependencies.js';

export interface OpeningActivities {
  /** Freezes the worker's own playbook file for this run, which wants to begin `at` this moment, in epoch milliseconds. Fails retryably on a worker without that environment. */
  readonly openRun: (input: { environment: string; plan?: string; at: number }) => Promise<Opening>;
  /** What the freeze windows of a frozen plan say of a moment: clock changes are the host's knowledge, so it is asked here and recorded. */
  readonly lookAtFreezes: (input: { planHash: string; at: number }) => Promise<Freezing>;
}

export function openingActivities({
  plans,
  environment,
  client,
  namespace,
}: Dependencies & { readonly namespace: string }): OpeningActivities {
  return {
    async openRun({ environment: name, plan: expected, at }) {
      const { hash, plan } = await plans.freeze(name);
      const digits = hash.replace('sha256:', '');
      if (expected !== undefined && !digits.startsWith(expected.replace('sha256:', ''))) {
        throw ApplicationFailure.nonRetryable(
          `The start expects the plan ${expected}, but the playbook file now gives ${digits.slice(0, 12)}. Look at it with "golive plan ${name}" and start again with the hash you agree to.`,
          'PlanMismatch',
        );
      }
      const missing = missingForPlan(plan, environment);
      if (missing.length > 0) {
        throw ApplicationFailure.retryable(
          `This worker lacks environment variables the plan needs: ${missing.join(', ')}. Set them where the worker is started.`,
          'MissingVariable',
        );
      }
      const registered = await client.connection.operatorService.listSearchAttributes({ namespace });
      return {
        planHash: hash,
        plan,
        searchAttributes: Object.keys(SEARCH_ATTRIBUTES).filter(
          (attribute) => attribute in (registered.customAttributes ?? {}),
        ),
        freezing: freezing(plan.freezes, at),
      };
    },
    async lookAtFreezes({ planHash, at }) {
      const { freezes } = await plans.load(planHash);
      return freezing(freezes, at);
    },
  };
}

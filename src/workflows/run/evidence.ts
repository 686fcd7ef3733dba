import { proxySinks, type Sinks } from '@temporalio/workflow';
import { ruled, type Inputs, type Rule, type Verdict } from '../../domain/evidence/rules.js';
import type { Decided, EvidenceSinks, Refused } from '../../domain/evidence/record.js';
import { deepest } from '../../domain/text/deepest.js';
import { shortened } from '../../domain/text/cut-text.js';
import type { Plan } from '../../domain/plan/plan.js';
import { ofThisRun } from './of-this-run.js';

const { evidence } = proxySinks<EvidenceSinks & Sinks>();

/** One more record of what this run has decided. Never in a query or a validator: they aren't part of the run's order. */
export function note(record: Decided): void {
  evidence.decided(ofThisRun().next++, JSON.stringify({ at: new Date().toISOString(), ...record }));
}

/** Of a message, in characters of JSON. */
const LONGEST_PAYLOAD = 10_000;

/** What somebody has sent, as it goes on record: whole, unless it is long or can't be written down. */
export function payloadOf(payload: unknown): unknown {
  try {
    const text = JSON.stringify(payload);
    return text === undefined || text.length <= LONGEST_PAYLOAD ? payload : shortened(text, LONGEST_PAYLOAD);
  } catch (error) {
    return `not on record: ${deepest(error)}`;
  }
}

/** Decides by a rule, on record. */
export function decide<R extends Rule>(rule: R, inputs: Inputs<R>, plan: Plan): Verdict<R> {
  const outcome = ruled(rule, inputs, plan);
  note({ kind: 'verdict', rule, inputs, outcome });
  return outcome;
}

/** What a validator has refused. It is in no history, so it is told once, by the worker that did. */
export function noteRefused(name: string, payload: unknown, why: string): void {
  evidence.refused(
    JSON.stringify({ at: new Date().toISOString(), kind: 'refused', name, payload, why } satisfies Refused & {
      at: string;
    }),
  );
}

import { Context } from '@temporalio/activity';
import { integrityReading } from '../../domain/contracts/integrity-report.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Command, RuleCheck } from '../../domain/plan/playbook.js';
import type { Reading } from '../../domain/watching/reading.js';
import { bounded, type Shapes } from '../../domain/contracts/shape.js';
import type { Finding } from '../../domain/run/status.js';
import type { Environment } from '../../plans/variables.js';
import { commandLine } from '../commands/command-line.js';
import type { Dependencies } from '../dependencies.js';
import { Contracts, type ContractFinding } from './contracts.js';
import { beating, retryably } from '../patience.js';
import { runReadOnly } from '../commands/read-only-child.js';
import type { Look } from '../watching/readings.js';

export interface RuleActivities {
  /**
   * Playbook §3.3, and the integrity command when the plan has one: a finding for the login, each contract and the command.
   * Logs in anew each time: a login that is broken by now must show.
   * @param input.baseline the shapes seen before the deploy; without it only the frozen rules count, and `shapes` is what may become the baseline
   */
  readonly lookAtRules: (input: {
    planHash: string;
    values: Values;
    baseline?: Shapes;
  }) => Promise<{ findings: Finding[]; shapes: Shapes }>;
}

const STATE = { good: 'pass', bad: 'fail', none: 'unknown' } as const;

/** How long the login and all contracts may take together in a proof, in milliseconds. */
const PROOF_MS = 20_000;

export function ruleActivities({ plans, environment }: Pick<Dependencies, 'plans' | 'environment'>): RuleActivities {
  return {
    lookAtRules: ({ planHash, values, baseline }) =>
      beating(async () => {
        const plan = await retryably(() => plans.load(planHash));
        const signal = Context.current().cancellationSignal;
        const { integrity } = plan.verify;
        const contracts = await retryably(() =>
          new Contracts(environment).look(plan, planHash, { timeoutMs: PROOF_MS, signal, baseline }),
        );
        const data = integrity && (await retryably(() => integrityOf(plan, integrity, values, environment, signal)));
        const found = [...contracts, ...(data ? [{ name: 'integrity', ...data }] : [])];
        return {
          findings: found.map((each): Finding => ({
            name: each.name,
            state: STATE[each.kind],
            detail: each.text,
            ...('inData' in each && each.inData ? { inData: true } : {}),
          })),
          shapes: bounded(Object.fromEntries(contracts.flatMap(({ name, shape }) => (shape ? [[name, shape]] : [])))),
        };
      }),
  };
}

/** A reader for watching: the contracts or the integrity command once. Made once for each worker, for it keeps the tokens. Rejects only when the look is broken off. */
export function ruleReadings({
  environment,
}: Pick<Dependencies, 'environment'>): (look: Look<RuleCheck>) => Promise<Reading> {
  const contracts = new Contracts(environment);
  return async ({ plan, planHash, check, values, signal, baseline }) => {
    try {
      if (check.kind === 'contracts')
        return contractsReading(await contracts.look(plan, planHash, { timeoutMs: check.timeout, signal, baseline }));
      const { integrity } = plan.verify;
      return integrity
        ? await integrityOf(plan, integrity, values, environment, signal)
        : { kind: 'none', text: 'the plan has no integrity command' };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'none', text: (error as Error).message };
    }
  };
}

/** A contract that is broken outranks one that nobody could ask. */
export function contractsReading(findings: readonly ContractFinding[]): Reading {
  const bad = findings.filter(({ kind }) => kind === 'bad');
  const none = findings.filter(({ kind }) => kind === 'none');
  if (bad.length > 0) return { kind: 'bad', text: bad.map(({ text }) => text).join('; ') };
  // Without a login there is one reason for all.
  const [first] = none;
  if (first)
    return { kind: 'none', text: first.name === 'login' ? first.text : none.map(({ text }) => text).join('; ') };
  return { kind: 'good', text: `${findings.length - 1} contracts OK` };
}

/** Within its own deadline, not a check's timeout: it is a command, and takes a command's time. */
async function integrityOf(
  plan: Plan,
  command: Command,
  values: Values,
  environment: Environment,
  signal: AbortSignal,
) {
  return integrityReading(
    await runReadOnly(await commandLine(plan, command, values, environment), command.deadline, signal),
  );
}

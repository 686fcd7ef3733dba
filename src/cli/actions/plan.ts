import { freezing } from '../../domain/freeze/freeze-window.js';
import { withoutSecrets } from '../../domain/plan/masked.js';
import { planChanges } from '../../domain/plan/plan-changes.js';
import { missingForPlan } from '../../plans/variables.js';
import type { FrozenPlan } from '../../plans/plan-store.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { plansOf } from '../options/plans-of.js';
import type { OutputOptions, PlaybookOptions, ServerOptions } from '../options/shared-options.js';
import { keptPlan, lastPlan } from '../run/earlier-plan.js';
import { planChangeLines } from '../screens/plan/plan-changes-screen.js';
import { planScreen } from '../screens/plan/plan-screen.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';

interface PlanOptions extends PlaybookOptions, OutputOptions, ServerOptions {
  readonly diff?: string | true;
}

export async function plan(environment: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const plans = await plansOf(options.playbook, environment);
  if (options.diff !== undefined) return await compare(environment, plans, options.diff, options, terminal);
  const shown = plans.map((frozen) => ({ ...frozen, missing: missingForPlan(frozen.plan, process.env) }));
  const { columns, paint } = terminal;
  terminal.print(shown.map((each) => planScreen(each, each.missing, paint, { columns })).join('\n\n'));
  const documents = shown.map(({ hash, plan: frozen, missing }) => ({
    environment: frozen.environment.name,
    hash,
    short: short(hash),
    missingVariables: missing,
    frozenBy: freezing(frozen.freezes, Date.now()).windows.map(({ name, until }) => ({
      name,
      until: new Date(until).toISOString(),
    })),
    plan: withoutSecrets(frozen),
  }));
  terminal.document(environment === undefined ? documents : documents[0]);
  return EXIT.ok;
}

/** What differs from an earlier plan: {@link EXIT.differs} when something does. */
async function compare(
  environment: string | undefined,
  plans: readonly FrozenPlan[],
  diff: string | true,
  options: PlanOptions,
  { print, document, paint, columns }: Terminal,
): Promise<ExitCode> {
  const [now] = plans;
  if (environment === undefined || !now) {
    const each = plans.map(({ plan }) => `\n  golive plan ${plan.environment.name} --diff`);
    throw new CliError(EXIT.usage, `Say of which environment:${each.join('')}`);
  }
  const before = diff === true ? await lastPlan(environment, options) : await keptPlan(diff, options);
  const changes = planChanges(before.plan, now.plan);
  const exitCode = before.hash === now.hash ? EXIT.ok : EXIT.differs;
  const was = `plan ${short(before.hash)}, ${before.from}`;
  print(
    exitCode === EXIT.ok
      ? `Nothing differs: ${options.playbook} gives the ${was}.`
      : [
          `${options.playbook} gives the plan ${short(now.hash)} for ${environment}; before it was the ${was}.`,
          ...planChangeLines(changes, paint, columns),
        ].join('\n'),
  );
  document({ environment, old: before.hash, new: now.hash, same: exitCode === EXIT.ok, changes, exitCode });
  return exitCode;
}

const short = (hash: string): string => hash.replace('sha256:', '').slice(0, 12);

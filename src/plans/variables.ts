import type { Plan } from '../domain/plan/plan.js';

/** The environment a worker resolves `${VAR}` from. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** A variable the plan needs and this worker doesn't have. */
export class MissingVariable extends Error {
  constructor(
    readonly variable: string,
    text: string,
  ) {
    super(
      `"${text}" needs the environment variable ${variable}, which this worker doesn't have. Set it where the worker is started, or give it a default as \${${variable}:-…}.`,
    );
    this.name = 'MissingVariable';
  }
}

/** Resolves `${VAR}` and `${VAR:-default}` in one text. What is put in is not read again. */
export function resolve(text: string, environment: Environment): string {
  return text.replace(VARIABLE, (_, name: string, fallback: string | undefined) => {
    const value = environment[name] || fallback;
    if (value === undefined) throw new MissingVariable(name, text);
    return value;
  });
}

/** The variables anywhere in a value that have neither a value in the environment nor a default. */
export function missingVariables(value: unknown, environment: Environment): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(VARIABLE)]
      .filter((match) => !environment[match[1] as string] && match[2] === undefined)
      .map((match) => match[1] as string);
  }
  if (value === null || typeof value !== 'object') return [];
  return [...new Set(Object.values(value).flatMap((each) => missingVariables(each, environment)))];
}

/** The variables that a worker would need for this plan and doesn't have. */
export function missingForPlan(
  { environment: where, metrics, control, preflight, stages, verify, rollback, channels, deadMan }: Plan,
  environment: Environment,
): string[] {
  return missingVariables(
    [where, metrics, control, preflight, stages, verify, rollback, channels, deadMan],
    environment,
  );
}

/** The values that must never be shown: those of the plan's `secrets`. */
export function secretValues(plan: Plan, environment: Environment): string[] {
  return plan.secrets.flatMap((name) => environment[name] ?? []);
}

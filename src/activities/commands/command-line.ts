import { resolve as resolvePath } from 'node:path';
import { ApplicationFailure } from '@temporalio/activity';
import { TAG } from '../../domain/run/input.js';
import { fill, fillArguments, type Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Command } from '../../domain/plan/playbook.js';
import { resolve, secretValues, type Environment } from '../../plans/variables.js';
import { BadPath, insideArtifacts } from './artifacts.js';

/** A command as it is handed to the system: no shell, nothing inherited that isn't in `env`. */
export interface CommandLine {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Values that must be taken out of whatever it prints. */
  readonly secrets: readonly string[];
}

/**
 * A command of the worker's own plan, with the run's values put in as parts of arguments and `${VAR}` resolved here. `report`: the file that `{report}`
 * in its environment names. `evidence`: the folder that `{evidence}` is. Throws a MissingVariable, or a non-retryable failure about a value.
 */
export async function commandLine(
  plan: Plan,
  command: Command,
  values: Values,
  environment: Environment,
  report?: string,
  evidence?: string,
): Promise<CommandLine> {
  const workingDirectory = resolvePath(
    resolve(command.workingDirectory ?? plan.environment.workingDirectory, environment),
  );
  const safe = {
    ...(await checkedValues(plan, values, environment)),
    ...(evidence === undefined ? {} : { evidence }),
  };
  // A command's own variables only: `{report}` is a smoke's, and everything else stands as it is written.
  const own = Object.entries(command.environment).map(
    ([variable, value]) => [variable, report === undefined ? value : fill(value, { report })] as const,
  );
  const written = { ...plan.environment.environment, ...Object.fromEntries(own) };
  return {
    argv: filled(command.run, safe).map((argument) => resolve(argument, environment)),
    workingDirectory,
    env: {
      ...Object.fromEntries(
        plan.inherit.flatMap((variable) =>
          environment[variable] === undefined ? [] : [[variable, environment[variable]]],
        ),
      ),
      ...Object.fromEntries(
        Object.entries(written).map(([variable, value]) => [variable, resolve(value, environment)]),
      ),
    },
    secrets: secretValues(plan, environment),
  };
}

function filled(argv: readonly string[], values: Values): string[] {
  try {
    return fillArguments(argv, values);
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'BadValue');
  }
}

/** Values come from the workflow: tags are checked again, and a manifest must lie inside the artifacts folder (design §8). */
async function checkedValues(plan: Plan, { manifest, ...values }: Values, environment: Environment): Promise<Values> {
  for (const [name, value] of Object.entries(values)) {
    if (!TAG.test(value))
      throw ApplicationFailure.nonRetryable(
        `The value of {${name}} can't become part of a command: ${JSON.stringify(value)}.`,
        'BadValue',
      );
  }
  if (manifest === undefined) return values;
  try {
    return { ...values, manifest: await insideArtifacts(plan, environment, manifest, plan.preflight.backup.create) };
  } catch (error) {
    if (!(error instanceof BadPath)) throw error;
    throw ApplicationFailure.nonRetryable(
      `The manifest that the backup printed can't be used: ${error.message}.`,
      'BadManifest',
    );
  }
}

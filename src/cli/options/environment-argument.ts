import { InvalidArgumentError } from 'commander';

/** An environment as it becomes part of a workflow ID; whether the playbook file has it, its worker knows. */
export function environmentArgument(text: string): string {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError(
    `An environment is a name of small letters, digits and dashes, such as prod or sandbox.`,
  );
}

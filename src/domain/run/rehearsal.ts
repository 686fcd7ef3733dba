import type { Finding } from './status.js';

/** One row of the rehearsal: a step with its arguments as they would run. */
export interface RehearsedStep {
  readonly name: string;
  readonly action: string;
}

/**
 * The table of a dry run, in the form of the playbook's own checklist (playbook, "Dry-run Mode"). Nothing in it was executed but the checklist's
 * own `--dry-run`, whose finding comes last.
 */
export function rehearsalTable(steps: readonly RehearsedStep[], checklist: Finding): string {
  const width = Math.max(30, ...steps.map((step) => step.name.length)) + 2;
  const rule = '='.repeat(108);
  const row = (name: string, status: string, action: string) =>
    `${name.padEnd(width)}${status.padEnd(11)}${action}`.trimEnd();
  return [
    'Go-Live Plan Summary',
    rule,
    row('STEP', 'STATUS', 'ACTION'),
    '-'.repeat(108),
    ...steps.map((step) => row(step.name, 'DRY-RUN', step.action)),
    row(checklist.name, checklist.state === 'pass' ? 'PASS' : 'FAIL', checklist.detail),
    rule,
    `Go-live checklist result: ${checklist.state === 'pass' ? 'DRY-RUN' : 'FAIL (1 blocker(s))'}`,
  ].join('\n');
}

/** How an argument list is shown to people: quoted where a reader would otherwise miscount the arguments. */
export function shownArguments(argv: readonly string[]): string {
  return argv
    .map((argument) => (/^[\w@%+=:,./{}$<>-]+$/.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}

import { lastLine, succeeded, describeEnd } from '../../domain/commands/command.js';
import { rehearsalTable } from '../../domain/run/rehearsal.js';
import { whatItSaid } from '../../domain/commands/what-it-said.js';
import { references } from '../activities.js';
import type { Run } from '../run/run.js';

/** What came of a rehearsal. `table`: the steps of a real run. */
export interface Rehearsal {
  readonly outcome: 'rehearsed' | 'rejected';
  readonly summary: string;
  readonly table: string;
}

/** The playbook's "Dry-run Mode": nothing is executed but the checklist's own `--dry-run`. */
export async function rehearse(run: Run): Promise<Rehearsal> {
  const { planHash, values, commands } = run;
  run.enter({ is: 'rehearsing' });
  const steps = await references.describeSteps({
    planHash,
    values: { ...values, service: run.plan.service, decisionOwner: run.state.decisionOwner },
  });
  const { end, stdout, stderr } = await commands.run('checklist-dry-run');
  const rehearsed = succeeded(end) && lastLine(stdout) === 'Go-live checklist result: DRY-RUN';
  const detail = rehearsed ? lastLine(stdout) : `${describeEnd(end)}: ${whatItSaid({ stdout, stderr })}`;
  const table = rehearsalTable(steps, { name: 'checklist --dry-run', state: rehearsed ? 'pass' : 'fail', detail });
  return rehearsed
    ? { outcome: 'rehearsed', summary: 'Go-live checklist result: DRY-RUN', table }
    : { outcome: 'rejected', summary: `the checklist's dry run failed, ${detail}`, table };
}

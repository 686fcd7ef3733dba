import { lastLine, succeeded, describeEnd } from '../../domain/commands/command.js';
import { rehearsalTable } from '../../domain/run/rehearsal.js';
import type { GoLiveResult } from '../../domain/run/status.js';
import { whatItSaid } from '../../domain/commands/what-it-said.js';
import { references } from '../activities.js';
import type { GoLive } from '../run/go-live.js';

/** The playbook's "Dry-run Mode": nothing is executed but the checklist's own `--dry-run`. */
export async function rehearse(goLive: GoLive): Promise<() => Promise<GoLiveResult>> {
  const { planHash, values, commands } = goLive;
  goLive.enter('rehearsing');
  const steps = await references.describeSteps({
    planHash,
    values: { ...values, service: goLive.plan.service, decisionOwner: goLive.decisionOwner },
  });
  const { end, stdout, stderr } = await commands.run('checklist-dry-run');
  const rehearsed = succeeded(end) && lastLine(stdout) === 'Go-live checklist result: DRY-RUN';
  const detail = rehearsed ? lastLine(stdout) : `${describeEnd(end)}: ${whatItSaid({ stdout, stderr })}`;
  const table = rehearsalTable(steps, { name: 'checklist --dry-run', state: rehearsed ? 'pass' : 'fail', detail });
  return () =>
    rehearsed
      ? goLive.end('rehearsed', 'Go-live checklist result: DRY-RUN', table)
      : goLive.end('rejected', `the checklist's dry run failed, ${detail}`, table);
}

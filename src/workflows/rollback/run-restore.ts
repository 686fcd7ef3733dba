import { describeEnd, lastLine, succeeded } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import { faultOf } from '../run/fault-of.js';
import type { Run } from '../run/run.js';

/**
 * Playbook §5.3, once it is approved: the drill, whose report decides, and then the team's own restore. Each runs once; whatever goes wrong is a question
 * to people, never a silent success. Returns when the rollback may be proven again.
 */
export async function runRestore(run: Run): Promise<void> {
  const fault = await faultOf(() => restoreOnce(run));
  if (fault === undefined) return;
  run.restore.came('failed', fault);
  const decision = await run.ask({
    id: 'restore-failed',
    reason: `The restore of ${run.restore.proposal.name} did not succeed: ${fault}. Find out how the data are before you answer. "propose-again" asks the leads anew, "go-on" proves the rollback without a restore.`,
    choices: ['propose-again', 'go-on', 'take-over'],
  });
  if (decision.choice === 'take-over') run.leave(decision);
  if (decision.choice === 'propose-again') await run.restore.proposeAgain();
}

/** Says what went wrong, or nothing. */
async function restoreOnce(run: Run): Promise<string | undefined> {
  const { commands, plan, planHash, restore } = run;
  const { manifest, sha256, name } = restore.proposal;
  const now = await restore.read(manifest);
  if ('unreadable' in now) return `the backup can't be read: ${now.unreadable}`;
  if (now.sha256 !== sha256)
    return `the manifest is not the one that was approved: it has changed since (sha256 ${now.sha256}, approved was ${sha256})`;
  const drill = await commands.run('restore-drill', { manifest });
  if (drill.end.kind !== 'exited' && drill.end.kind !== 'treated-as-done')
    return `the restore drill did not come to its end, ${describeEnd(drill.end)}`;
  const printed = lastLine(drill.stdout);
  const report = await commands.onAnyHost('read the drill report', (activities) =>
    activities.readDrill({
      planHash,
      printed,
      manifest,
      ...(drill.startedAt === undefined ? {} : { notBefore: drill.startedAt }),
    }),
  );
  run.record(`${report.state} ${report.name}: ${report.detail}`);
  if (report.state !== 'pass')
    return `the restore drill, ${report.detail}${printed === '' && lastLine(drill.stderr) !== '' ? `; it said: ${lastLine(drill.stderr)}` : ''}`;
  if (!plan.rollback.restore?.restore) {
    restore.came(
      'drilled',
      `The drill of ${name} passed (${report.detail}). The plan has no restore command after it: production's data are as they were.`,
    );
    return undefined;
  }
  restore.begins();
  const { end, stdout, stderr } = await commands.run('restore', { manifest });
  if (!succeeded(end))
    return `the restore command failed, ${[describeEnd(end), errorSaid({ stdout, stderr })].filter(Boolean).join(': ')}; the data may be restored in part`;
  restore.came('restored', `From ${name}, ${describeEnd(end)}; its drill passed (${report.detail}).`);
  return undefined;
}

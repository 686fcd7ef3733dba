import { describeEnd, lastLine, succeeded, type CommandReport } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import type { Finding } from '../../domain/run/status.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';

type SmokeStep = 'smoke' | 'rollback-smoke';

/** The critical smoke (playbook §3.2, §5.4). One that says nothing is run once more by itself; what is still unknown then is for people. */
export async function runSmoke(run: Run, step: SmokeStep): Promise<Finding> {
  const first = await runSmokeOnce(run, step);
  if (first.state !== 'unknown') return first;
  run.record(`${step} gave no result, and is run once more: ${first.detail}`);
  return runSmokeOnce(run, step);
}

export async function runSmokeOnce(run: Run, step: SmokeStep): Promise<Finding> {
  const report = await run.commands.run(step);
  if (!report.smoke) return byExitCode(report);
  // The previous release may have no test of an area that is new by now; its own tests are all it can be held to.
  const { kind, detail } = decide(
    'smoke',
    { end: report.end, evidence: report.smoke, everyArea: step === 'smoke' },
    run.plan,
  );
  const said = kind === 'unknown' ? errorSaid(report) : '';
  return { name: 'smoke', state: kind, detail: said === '' ? detail : `${detail}; it said: ${said}` };
}

/** A smoke that writes no report: 0 is a pass, everything else is not. */
function byExitCode({ end, stdout, stderr }: CommandReport): Finding {
  const said = lastLine(stdout) || lastLine(stderr);
  return {
    name: 'smoke',
    state: succeeded(end) ? 'pass' : 'fail',
    detail: [describeEnd(end), said].filter(Boolean).join(': '),
  };
}

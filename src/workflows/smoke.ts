import { describeEnd, lastLine, succeeded, type CommandReport } from '../domain/command.js';
import { smokeVerdict, type SmokeVerdict } from '../domain/smoke-report.js';
import type { Finding } from '../domain/status.js';
import type { GoLive } from './go-live.js';

type SmokeStep = 'smoke' | 'rollback-smoke';

/** The critical smoke (playbook §3.2, §5.4). One that says nothing is run once more by itself; what is still unknown then is for people. */
export async function runSmoke(goLive: GoLive, step: SmokeStep): Promise<SmokeVerdict> {
  const first = await runOnce(goLive, step);
  if (first.kind !== 'unknown') return first;
  goLive.record(`${step} says nothing, and is run once more: ${first.detail}`);
  return runOnce(goLive, step);
}

/** Nobody knows whether the release passes its smoke: never a rollback by itself, and never a pass (promise 3). */
export async function decideSmoke(goLive: GoLive, unknown: SmokeVerdict): Promise<Finding> {
  for (let verdict = unknown; ; verdict = await runOnce(goLive, 'smoke')) {
    if (verdict.kind !== 'unknown') return { name: 'smoke', state: verdict.kind, detail: verdict.detail };
    const decision = await goLive.holds.ask({
      id: 'smoke-unknown',
      reason: `The critical smoke says nothing about ${goLive.input.release}: ${verdict.detail}. Find out why it could not be run to its end.`,
      choices: ['retry', 'treat-as-passed', goLive.wayOut()],
    });
    if (decision.choice === 'treat-as-passed') return { name: 'smoke', state: 'attested', detail: `${decision.by}: ${decision.reason} (${verdict.detail})` };
    if (decision.choice !== 'retry') goLive.leave(decision);
  }
}

async function runOnce(goLive: GoLive, step: SmokeStep): Promise<SmokeVerdict> {
  const report = await goLive.commands.run(step);
  // The previous release may have no test of an area that is new by now; its own tests are all it can be held to.
  if (!report.smoke) return byExitCode(report);
  const { kind, detail } = smokeVerdict(report.end, report.smoke, step === 'smoke');
  const said = kind === 'unknown' ? lastLine(report.stderr) || lastLine(report.stdout) : '';
  return { kind, detail: said === '' ? detail : `${detail}; it said: ${said}` };
}

/** A smoke that writes no report: 0 is a pass, everything else is not. */
function byExitCode({ end, stdout, stderr }: CommandReport): SmokeVerdict {
  const said = lastLine(stdout) || lastLine(stderr);
  return { kind: succeeded(end) ? 'pass' : 'fail', detail: [describeEnd(end), said].filter(Boolean).join(': ') };
}

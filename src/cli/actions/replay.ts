import { replay } from '../../domain/evidence/replay.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { GoLiveEvidence } from '../../journals/read-evidence.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { plansOf } from '../options/plans-of.js';
import type { OutputOptions, PlaybookOptions } from '../options/shared-options.js';
import { keptGoLives, type KeptOptions } from '../run/kept-go-live.js';
import { replayScreen, type ReplayedGoLive } from '../screens/replay-screen.js';
import { openTerminal } from '../terminal/terminal.js';

type NotReplayed = Pick<ReplayedGoLive, 'workflowId' | 'firstRunId' | 'beganAt'> & { readonly why: string };
type ReplayOptions = KeptOptions & PlaybookOptions & OutputOptions;

export async function replayKept(environment: string, options: ReplayOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const [other] = await plansOf(options.playbook, environment);
  if (!other) throw new Error(`expected a plan of ${environment}`);
  const goLives: (ReplayedGoLive | NotReplayed)[] = [];
  for await (const each of keptGoLives(environment, options)) {
    const { workflowId, firstRunId, beganAt, plan } = each;
    const which = { workflowId, firstRunId, beganAt, ...of(each) };
    goLives.push(
      plan
        ? { ...which, ...replay({ ...each, plan }, other.plan) }
        : { ...which, why: 'it has no plan on record: it was refused before' },
    );
  }
  terminal.print(
    goLives
      .map((each) =>
        'why' in each ? `${each.workflowId} ${each.firstRunId}: ${each.why}` : replayScreen(each, terminal.paint),
      )
      .join('\n\n'),
  );
  terminal.document({ environment, plan: other.hash, goLives });
  return EXIT.ok;
}

/** What it was, and how it ended, as far as that is on record. */
function of({ decided }: GoLiveEvidence): { release?: string; outcome?: string } {
  const run = decided.find((each) => each.kind === 'run');
  const end = decided.findLast((each) => each.kind === 'end');
  const { release } = (run?.input ?? {}) as Partial<GoLiveInput>;
  return { ...(release === undefined ? {} : { release }), ...(end ? { outcome: end.result.outcome } : {}) };
}

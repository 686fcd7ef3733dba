import { phaseOf, stopOf } from '../../run/course.js';
import type { Finding } from '../../run/status.js';
import { goLiveInputSchema } from '../../run/input.js';
import { readWorkflowId } from '../../run/workflow-id.js';
import type { Rule } from '../rules.js';
import { causeOf } from './cause.js';
import { decidedOf, newestAt, seenOf, type Kept } from './kept.js';
import { measuresOf } from './measures.js';
import type { Report, Writer } from './report.js';
import { commandsOf } from './reported-commands.js';
import { blindOf, clocksOf, firingsOf, holdsOf, phasesOf } from './stretches.js';
import { windowsOf } from './windows.js';

/** The report of one go-live from what is kept of it. What isn't on record is left out; nothing is guessed. */
export function reportOf(kept: Kept): Report {
  const end = decidedOf(kept, 'end').at(-1);
  const course = decidedOf(kept, 'course').at(-1)?.course;
  const stop = decidedOf(kept, 'stop').at(-1)?.stop ?? (course && stopOf(course));
  const asOf = newestAt(kept);
  const phases = phasesOf(kept);
  const firings = firingsOf(kept);
  const clocks = clocksOf(kept);
  const blind = blindOf(kept);
  const commands = commandsOf(kept);
  const findings = (rule: Rule): readonly Finding[] => {
    const last = decidedOf(kept, 'verdict').findLast((each) => each.rule === rule);
    return (last?.inputs as { findings: readonly Finding[] } | undefined)?.findings ?? [];
  };
  const preflight = end?.result.preflight ?? findings('preflight');
  const verification = end?.result.verification ?? findings('verification');
  const outcome = end?.result.outcome ?? (course?.is === 'ended' ? course.outcome : undefined);
  const about = outcome === 'rejected' ? preflight : verification;
  const cause =
    outcome === 'completed' || outcome === 'rehearsed'
      ? undefined
      : causeOf(kept, { stop, firings, clocks, commands, findings: outcome === 'rejected' || stop ? about : [] });
  const windows = windowsOf(kept.beganAt, asOf, phases, stop);
  return {
    schema: 1,
    workflowId: kept.workflowId,
    firstRunId: kept.firstRunId,
    runIds: kept.runs.map(({ runId }) => runId),
    ...inputOf(kept),
    ...(kept.plan ? { service: kept.plan.service } : {}),
    ...(kept.planHash === undefined ? {} : { planHash: kept.planHash }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(end ? { summary: end.result.summary } : {}),
    phase: course ? phaseOf(course) : 'scheduled',
    ...(cause ? { cause } : {}),
    ...(stop ? { stop } : {}),
    ...(end?.result.supersededBy ? { supersededBy: end.result.supersededBy } : {}),
    beganAt: kept.beganAt,
    ...(end ? { endedAt: end.at } : {}),
    asOf,
    lastedMs: Math.max(0, Date.parse(end?.at ?? asOf) - Date.parse(kept.beganAt)) || 0,
    faults: kept.faults.map(({ kind, text }) => ({ kind, text })),
    windows,
    phases,
    holds: holdsOf(kept),
    clocks,
    blind,
    firings,
    advisory: firings.filter(({ did }) => did === 'note').length,
    measures: measuresOf(kept, windows, firings, blind),
    commands,
    verdicts: verdictsOf(kept),
    told: toldOf(kept),
    messages: decidedOf(kept, 'message').map(({ at, as, event, text }) => ({ at, as, event, text })),
    undelivered: decidedOf(kept, 'post').flatMap(({ at, channel, event, fate, why = '' }) =>
      fate === 'sent' ? [] : [{ at, what: `${event} to ${channel}: ${fate}${why && `: ${why}`}` }],
    ),
    preflight,
    verification,
    proof: end?.result.proof ?? findings('proof'),
    criteria: end?.result.hypercare?.criteria ?? [],
    ...(end?.result.restore ? { restore: end.result.restore } : {}),
    timeline: decidedOf(kept, 'line').map(({ at, what }) => ({ at, what })),
    writers: writersOf(kept),
  };
}

/** What it was started with; of an input that was refused what can be read, and where even that is missing what the workflow ID says. */
function inputOf(
  kept: Kept,
): Pick<Report, 'environment' | 'release' | 'previousRelease' | 'decisionOwner' | 'dryRun' | 'takesBack'> {
  const { environment = kept.workflowId, dryRun = false } = readWorkflowId(kept.workflowId) ?? {};
  const read = goLiveInputSchema().safeParse(decidedOf(kept, 'run')[0]?.input);
  if (!read.success) return { environment, release: 'unknown', previousRelease: 'unknown', dryRun, takesBack: false };
  const { release, previousRelease, decisionOwner, rollback } = read.data;
  return { environment, release, previousRelease, decisionOwner, dryRun, takesBack: rollback !== undefined };
}

function verdictsOf(kept: Kept): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of decidedOf(kept, 'verdict')) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function toldOf(kept: Kept): Report['told'] {
  const said = [...decidedOf(kept, 'told'), ...decidedOf(kept, 'refused'), ...seenOf(kept, 'refused')].map((each) => ({
    at: each.at,
    what: `${each.name} ${JSON.stringify(each.payload) ?? ''}`.trim(),
    ...(each.kind === 'refused' ? { refused: each.why } : {}),
  }));
  return said.sort((a, b) => (a.at < b.at ? -1 : 1));
}

function writersOf({ runs }: Kept): Writer[] {
  const all = runs.flatMap(({ runId, journals }) =>
    journals.flatMap(({ header }) => (header ? [{ runId, ...header.writer }] : [])),
  );
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

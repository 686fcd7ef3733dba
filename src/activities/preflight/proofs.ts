import { Context } from '@temporalio/activity';
import type { Finding } from '../../domain/run/status.js';
import { probe } from '../watching/probe.js';
import { versionAt } from '../watching/live-version.js';
import type { Dependencies } from '../dependencies.js';
import { tally, type LiveVersions } from '../../domain/hypercare/live-version.js';
import { beating, retryably } from '../patience.js';
import { onRecord, seenBy } from '../seen-by.js';
import { formatBound } from '../../domain/plan/playbook/bound.js';
import type { Values } from '../../domain/plan/placeholders.js';
import type { MetricCheck, ProbeCheck } from '../../domain/plan/playbook.js';
import { readingText, standingOf } from '../../domain/watching/reading.js';
import { beyondBuckets } from '../../domain/metrics/made-of.js';
import type { MadeOf } from '../../domain/metrics/measured.js';
import type { Plan } from '../../domain/plan/plan.js';
import { SERVICE, sightLasts } from '../../domain/watching/segment.js';
import type { Reader } from '../watching/readings.js';
import { resolve } from '../../plans/variables.js';

/** What a metric shows before the deploy, and what it is made of: later looks are compared with that. */
export type MetricFinding = Finding & { readonly madeOf?: MadeOf };

export interface ProofActivities {
  /** Each probe on the service's own address: one 200 is a pass, three other answers in a row are a failure (playbook §4), and a worker that is cut off knows nothing. */
  readonly lookAtChecks: (input: { planHash: string }) => Promise<Finding[]>;
  /** Each metric of the service, as soon as it has a reading: inside its guardrail is a pass, no reading for two intervals is none. */
  readonly lookAtMetrics: (input: { planHash: string; values: Values }) => Promise<MetricFinding[]>;
  /** Whether every answer on `samples` fresh connections has this version. Stops waiting for it after `withinMs`. */
  readonly proveLiveVersion: (input: { planHash: string; release: string; withinMs: number }) => Promise<Finding>;
  /** What every answer on `samples` fresh connections has as its version, once. */
  readonly lookAtLiveVersion: (input: { planHash: string }) => Promise<LiveVersions>;
  /** Whether a release answers on a stage's own targets, or, when it has none, somewhere behind the service's address. */
  readonly awaitRelease: (input: { planHash: string; stage: string; release: string }) => Promise<Finding>;
  /** A confirmation's URL: 200 is a yes. */
  readonly lookAtUrl: (input: {
    planHash: string;
    item: 'stagingParity' | 'openIncidents' | 'frozenRules';
  }) => Promise<Finding>;
}

const PROBE_TRIES = 3;
const PROBE_PAUSE_MS = 1_000;

/** One-time looks at the service: what is live, and does it answer. Nothing here changes anything, so each may simply be run again. */
export function proofActivities(
  { plans, environment, evidence }: Pick<Dependencies, 'plans' | 'environment' | 'evidence'>,
  unrecorded: Reader,
): ProofActivities {
  const read = onRecord(unrecorded, evidence);
  return {
    async lookAtChecks({ planHash }) {
      const plan = await retryably(() => plans.load(planHash));
      const signal = Context.current().cancellationSignal;
      const look = async (check: ProbeCheck): Promise<Finding> => {
        for (let tries = 1; ; tries += 1) {
          const reading = await read({ plan, planHash, check, target: SERVICE, values: {}, signal });
          if (reading.kind !== 'good' && tries < PROBE_TRIES) {
            await Context.current().sleep(Math.min(check.every, PROBE_PAUSE_MS));
            continue;
          }
          const state = reading.kind === 'good' ? 'pass' : reading.kind === 'bad' ? 'fail' : 'unknown';
          return { name: check.name, state, detail: `${check.path}: ${readingText(check, reading)}` };
        }
      };
      return beating(() => Promise.all(plan.checks.filter((check) => check.kind === 'probe').map(look)));
    },

    async lookAtMetrics({ planHash, values }) {
      const plan = await retryably(() => plans.load(planHash));
      const signal = Context.current().cancellationSignal;
      const look = async (check: MetricCheck): Promise<MetricFinding> => {
        const end = performance.now() + sightLasts(check);
        for (;;) {
          const reading = await read({ plan, planHash, check, target: SERVICE, values, signal, notes: true });
          const standing = standingOf(check, reading);
          const detail = `${readingText(check, reading)}, expected ${formatBound(check.guardrail, check.unit)}`;
          const noted = 'madeOf' in reading ? reading.madeOf : undefined;
          const { source } = check;
          const untold = noted && 'measure' in source && beyondBuckets({ ...check, source }, plan.triggers, noted);
          if (untold) return { name: check.name, state: 'fail', detail: untold };
          if (standing !== 'blind')
            return {
              name: check.name,
              state: standing === 'failing' ? 'fail' : 'pass',
              detail,
              ...(noted ? { madeOf: noted } : {}),
            };
          if (performance.now() >= end) return { name: check.name, state: 'fail', detail };
          await Context.current().sleep(Math.min(check.every, 1_000));
        }
      };
      return beating(() => Promise.all(plan.checks.filter((check) => check.kind === 'metric').map(look)));
    },

    async proveLiveVersion({ planHash, release, withinMs }) {
      const plan = await retryably(() => plans.load(planHash));
      return beating(() =>
        untilPass(withinMs, async () => {
          const versions = await Promise.all(
            Array.from({ length: plan.liveVersion.samples }, () => said(plan, SERVICE)),
          );
          const all = versions.every((version) => version === release);
          return {
            name: 'live version',
            state: all ? 'pass' : 'fail',
            detail: `${tally(counted(versions))} on ${versions.length} fresh connections, expected ${release}`,
          };
        }),
      );
    },

    async lookAtLiveVersion({ planHash }) {
      const plan = await retryably(() => plans.load(planHash));
      const answers = await beating(() =>
        Promise.all(Array.from({ length: plan.liveVersion.samples }, () => answerAt(plan, SERVICE))),
      );
      return {
        versions: counted(answers.flatMap(({ version }) => version ?? [])),
        without: counted(answers.flatMap(({ version, text }) => (version === undefined ? text : []))),
      };
    },

    async awaitRelease({ planHash, stage: name, release }) {
      const plan = await retryably(() => plans.load(planHash));
      const stage = plan.stages.find((each) => each.name === name);
      if (!stage) throw new Error(`The plan has no stage "${name}".`);
      const targets = stage.targets.map((target) => target.name);
      return beating(() =>
        untilPass(stage.answersWithin, async () => {
          const samples = targets.length > 0 ? targets : Array<string>(plan.liveVersion.samples).fill(SERVICE);
          const versions = await Promise.all(samples.map((target) => said(plan, target)));
          // Behind the balancer a partial rollout shows both releases; a stage's own target shows its release alone.
          const there =
            targets.length > 0 ? versions.every((version) => version === release) : versions.includes(release);
          return {
            name: `${name} answers`,
            state: there ? 'pass' : 'fail',
            detail: `${tally(counted(versions))} at ${targets.join(', ') || 'the service'}, expected ${release}`,
          };
        }),
      );
    },

    async lookAtUrl({ planHash, item }) {
      const { url, deadline } = (await retryably(() => plans.load(planHash))).preflight[item];
      if (url === undefined) throw new Error(`The plan's ${item} has no url.`);
      const address = await retryably(() => resolve(url, environment));
      const reading = await beating(() => probe(address, deadline, Context.current().cancellationSignal));
      return { name: item, state: reading.kind === 'good' ? 'pass' : 'fail', detail: reading.text };
    },
  };

  async function said(plan: Plan, target: string): Promise<string> {
    return (await answerAt(plan, target)).text;
  }

  async function answerAt(plan: Plan, target: string) {
    const { see, of } = seenBy(evidence);
    const answer = await versionAt(plan, target, environment, Context.current().cancellationSignal);
    see({ kind: 'version', of, target, ...answer });
    return answer;
  }
}

function counted(answers: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Looks again and again until it passes or the time is over; the last finding counts. */
async function untilPass(withinMs: number, attempt: () => Promise<Finding>): Promise<Finding> {
  const context = Context.current();
  const end = performance.now() + withinMs;
  for (;;) {
    const finding = await attempt();
    if (finding.state === 'pass' || performance.now() >= end) return finding;
    await context.sleep(Math.min(1_000, Math.max(50, withinMs / 20)));
  }
}

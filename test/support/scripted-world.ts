import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { hypercareFor } from './hypercare-for.js';
import type { Announcement } from '../../src/activities/announcing/announcements.js';
import type { CommandReference, EarlierCommand, StopReport } from '../../src/activities/commands/commands.js';
import type { PingReport } from '../../src/activities/announcing/dead-man.js';
import type { ObserveInput, ObserveRequest } from '../../src/activities/watching/observe.js';
import type { DeliveryActivities } from '../../src/activities/announcing/channels/deliver.js';
import type { Opening } from '../../src/domain/run/opening.js';
import { succeeded, type CommandEnd, type CommandReport } from '../../src/domain/commands/command.js';
import { freezing } from '../../src/domain/freeze/freeze-window.js';
import type { Values } from '../../src/domain/plan/placeholders.js';
import type { LiveVersions } from '../../src/domain/hypercare/live-version.js';
import type { Backup } from '../../src/domain/rollback/restore-status.js';
import { forThisHost } from '../../src/activities/for-this-host.js';
import { hostQueue } from '../../src/domain/run/task-queues.js';
import { planFor, stepNamed, wantsReport, type Plan } from '../../src/domain/plan/plan.js';
import type { Shapes } from '../../src/domain/contracts/shape.js';
import type { Delivery, Post } from '../../src/domain/announcing/post.js';
import type { SmokeEvidence } from '../../src/domain/smoke/smoke-evidence.js';
import type { Finding } from '../../src/domain/run/status.js';
import type { Segment } from '../../src/domain/watching/segment.js';
import { inRows, inTable, type Travelling } from '../../src/domain/watching/state-table.js';
import { hashOf } from '../../src/plans/plan-store.js';
import { readPlaybookFile } from '../../src/plans/playbook-file.js';
import { goodReading, simulateSegment, type Readings, type Versions } from './simulated-watch.js';

/** The plan of the real ARIS3, with what only people can say left to the test, without its channels and the question about a restore, and an hour of hypercare where its length is not the point. */
export async function aris3Plan(change: (plan: Plan) => Plan = (plan) => plan): Promise<Plan> {
  const plan = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
  const { restore: _, ...rollback } = plan.rollback;
  void _;
  return change({
    ...plan,
    channels: [],
    hypercare: hypercareFor(3_600_000),
    rollback,
    preflight: { ...plan.preflight, rehearsal: false },
    stages: plan.stages.map((stage) => ({ ...stage, gate: undefined })),
  });
}

const ALL_PASSED: SmokeEvidence = { passed: 5, skipped: 0, failed: 0, failing: [], uncovered: [] };
export const exit = (exitCode: number): CommandEnd => ({ kind: 'exited', exitCode });
const CLEAN = exit(0);
const PRINTS: Record<string, string> = {
  branch: 'main\n',
  checklist: '…\nGo-live checklist result: PASS\n',
  'checklist-dry-run': '…\nGo-live checklist result: DRY-RUN\n',
  'backup-create': '/artifacts/pre_go_live/manifest.json\n',
  'backup-validate': 'manifest valid\n',
  'restore-drill': '/artifacts/restore_verify.json\n',
};

/** Heartbeats until the activity that runs is asked to end. */
export async function untilCancelled(): Promise<void> {
  const context = Context.current();
  for (; !context.cancellationSignal.aborted; await new Promise((next) => setTimeout(next, 50))) context.heartbeat();
}

/**
 * What a go-live meets, scripted: activities that answer at once, so that time can be skipped. Commands keep the ledger's promise (one execution for
 * one generation); what runs, is stopped or said is written down.
 */
export class ScriptedWorld {
  /** `step.generation` of each execution, in order. */
  readonly executed: string[] = [];
  readonly stopped: string[] = [];
  readonly messages: string[] = [];
  readonly pages: string[] = [];
  /** What each channel has taken, in order. */
  readonly posts: (Post & { readonly channel: string; readonly attempt: number })[] = [];
  /** What becomes of one try of a post; by default it is taken. What it throws is the activity's failure. */
  takesPost: (channel: string, post: Post, attempt: number) => Delivery | Promise<Delivery> = () => ({ state: 'sent' });
  readonly settled: string[] = [];
  /** What each backup was called. */
  readonly backupNames: (string | undefined)[] = [];
  live = 'RC.2';
  earlier: EarlierCommand[] = [];
  findings: Record<string, Partial<Finding>> = {};
  hostId = 'first';
  /** The host of whoever carries the workflows on: as a rule the one that has the commands. */
  besideTheRun: string | undefined = 'first';
  /** How a generation ends, by `step.generation` or `step`; `hangs` runs until it is stopped. */
  ends: Record<string, CommandEnd | 'hangs'> = {};
  prints: Record<string, { stdout?: string; stderr?: string }> = {};
  stops: Record<string, StopReport> = {};
  /** What the report of a smoke says, by `step.generation` or `step`; by default all five tests passed. */
  smokes: Record<string, SmokeEvidence> = {};
  /** What the contracts look like, and what they were held against, look by look. */
  shapes: Shapes = { '/aris3/stock': { is: ['object'], fields: { rows: { is: ['array'] } } } };
  readonly baselines: (Shapes | undefined)[] = [];
  /** What a look at the rules finds, look by look. */
  lookAtRulesFinds: (findings: Finding[]) => Finding[] = (findings) => findings;
  /** What each look sees; by default everything is as it should be. */
  readings: Readings = goodReading;
  /** Which version answers when hypercare's watch asks. */
  version: Versions = () => this.live;
  /** What a segment of watching comes back with: by default what the looks make of it. */
  watch: (input: ObserveInput, seen: Segment) => Segment | Promise<Segment> = (_, seen) => seen;
  /** Called before a command ends: the test's chance to do something in the middle of it. */
  during: (name: string) => unknown = () => undefined;
  /** What has become of the dead man's pings whenever somebody asks. */
  pings: PingReport = { agoMs: 0 };
  lacksPlan = false;
  /** Deploys exit 0 and replace nothing. */
  deploysNothing = false;
  #results = new Map<string, CommandReport>();
  #hanging = new Map<string, () => void>();
  readonly #released = new Set<string>();
  #hasStaggered = false;

  constructor(
    readonly plan: Plan,
    readonly taskQueue: string,
  ) {}

  /** The backup as its host reads it; by default made 47 minutes ago. */
  backup: (manifest: string) => Backup | { unreadable: string } = (manifest) => ({
    manifest,
    name: 'pre_go_live',
    sha256: 'b'.repeat(64),
    madeAt: new Date(Date.now() - 47 * 60_000).toISOString(),
  });
  /** What is wrong with a signature over a text, by whom it should be; by default nothing. */
  wrongSignature: (input: {
    by: string;
    text: string;
    signature: string;
  }) => string | undefined | Promise<string | undefined> = () => undefined;

  /** Activities of the shared queue. */
  shared() {
    const finding = (name: string, detail = 'as it should be'): Finding => ({
      name,
      state: 'pass',
      detail,
      ...this.findings[name],
    });
    return {
      openRun: ({ at }: { at: number }): Promise<Opening> =>
        Promise.resolve({
          planHash: hashOf(this.plan),
          plan: this.plan,
          searchAttributes: ['GoLivePhase', 'GoLiveOutcome'],
          freezing: freezing(this.plan.freezes, at),
        }),
      lookAtFreezes: ({ at }: { at: number }) => Promise.resolve(freezing(this.plan.freezes, at)),
      takeHost: () => Promise.resolve({ hostId: this.hostId, taskQueue: hostQueue(this.taskQueue, this.hostId) }),
      lookAtChecks: () =>
        Promise.resolve(this.plan.checks.filter(({ kind }) => kind === 'probe').map(({ name }) => finding(name))),
      lookAtMetrics: () =>
        Promise.resolve(this.plan.checks.filter(({ kind }) => kind === 'metric').map(({ name }) => finding(name))),
      proveLiveVersion: ({ release }: { release: string }) =>
        Promise.resolve(
          this.live === release
            ? finding('live version', this.live)
            : { name: 'live version', state: 'fail' as const, detail: `${this.live}, expected ${release}` },
        ),
      lookAtLiveVersion: (): Promise<LiveVersions> =>
        Promise.resolve<LiveVersions>(
          this.live === ''
            ? { versions: {}, without: { 'no version (status 503)': 30 } }
            : { versions: { [this.live]: 30 }, without: {} },
        ),
      awaitRelease: ({ stage }: { stage: string }) => Promise.resolve(finding(`${stage} answers`)),
      findRehearsal: () => Promise.resolve(finding('rehearsal')),
      describeSteps: () => Promise.resolve([{ name: 'deploy-canary', action: './deploy.sh' }]),
      announce: ({ kind, text }: Announcement) => {
        (kind === 'page' ? this.pages : this.messages).push(text);
        return Promise.resolve();
      },
      ...this.#beside(),
    };
  }

  /** What a host's own queue does, for whoever carries the workflows on. */
  #beside(): Record<string, (input: never) => Promise<unknown>> {
    const activities = this.onHost();
    const act = (name: string, input: object) => {
      const here = forThisHost(activities, hostQueue(this.taskQueue, this.besideTheRun ?? 'another'));
      return (here as Record<string, (input: object) => Promise<unknown>>)[name]!(input);
    };
    return Object.fromEntries(Object.keys(activities).map((name) => [name, (input: object) => act(name, input)]));
  }

  /** Activities of the channels' own queue. */
  telling(): DeliveryActivities {
    return {
      deliver: async ({ channel, post }) => {
        const { attempt } = Context.current().info;
        const delivery = await this.takesPost(channel, post, attempt);
        if (delivery.state === 'sent') this.posts.push({ ...post, channel, attempt });
        return delivery;
      },
    };
  }

  observing() {
    return {
      observe: async (asked: ObserveRequest): Promise<Travelling<Segment>> => {
        const input = inRows<ObserveInput>(asked);
        const { scheduledTimestampMs } = Context.current().info;
        const seen = await this.watch(
          input,
          simulateSegment(this.plan, this.#staggered(input), scheduledTimestampMs, this.readings, this.version),
        );
        return asked.asTable ? inTable(seen, input.states) : seen;
      },
      keepAlive: (): Promise<PingReport> => Promise.resolve({ ...this.pings }),
    };
  }

  /** Activities of a host's own queue. */
  onHost() {
    return {
      authorise: () => Promise.resolve(),
      runCommand: (command: CommandReference & { values: Values }) => this.#run(command),
      stopCommand: ({ step, generation, firstExecutionRunId }: CommandReference): Promise<StopReport> => {
        const name = `${step}.${generation}`;
        this.stopped.push(name);
        this.#hanging.get(name)?.();
        return Promise.resolve(
          this.stops[name] ?? {
            state: this.#results.has(`${firstExecutionRunId} ${name}`) ? 'ended-before' : 'stopped',
            survivors: [],
          },
        );
      },
      earlierCommands: () => Promise.resolve(this.earlier),
      settle: ({ step, generation, choice, by }: CommandReference & { choice: string; by: string }) => {
        this.settled.push(`${step}.${generation}: ${choice} by ${by}`);
        return Promise.resolve();
      },
      lookAtRules: ({ baseline }: { baseline?: Shapes }) => {
        this.#needsPlan();
        this.baselines.push(baseline);
        const names = [
          'login',
          ...this.plan.verify.contracts.get.map(({ path }) => path),
          ...(this.plan.verify.integrity ? ['integrity'] : []),
        ];
        const findings = names.map((name): Finding => ({
          name,
          state: 'pass',
          detail: 'as it should be',
          ...this.findings[name],
        }));
        return Promise.resolve({ findings: this.lookAtRulesFinds(findings), shapes: this.shapes });
      },
      settleEarlier: ({ by, reason }: { by: string; reason: string }) => {
        this.settled.push(`earlier: ${reason} by ${by}`);
        return Promise.resolve();
      },
      readBackup: ({ manifest }: { manifest: string }) => Promise.resolve(this.backup(manifest)),
      readDrill: ({ printed }: { printed: string }): Promise<Finding> =>
        Promise.resolve({
          name: 'restore drill',
          state: 'pass',
          detail: `${printed}: status PASS`,
          ...this.findings['restore drill report'],
        }),
      verifyApproval: async (input: { by: string; text: string; signature: string }) => {
        const refused = await this.wrongSignature(input);
        return refused === undefined ? {} : { refused };
      },
      findDrillReport: () => {
        this.#needsPlan();
        return Promise.resolve({
          name: 'restore drill',
          state: 'pass',
          detail: 'yesterday',
          ...this.findings['restore drill'],
        });
      },
    };
  }

  /**
   * Two timers of one millisecond: when time is skipped, the second one was seen to be passed over until the next timer of the run. So the first long segment
   * of contracts and integrity ends a little before the one of the service that began with it, and those after it too.
   */
  #staggered(input: ObserveInput): ObserveInput {
    const rules = input.states.every(({ check }) => check === 'contracts' || check === 'integrity');
    if (this.#hasStaggered || !rules || input.decides || input.segmentMs <= 600_000) return input;
    this.#hasStaggered = true;
    return { ...input, segmentMs: input.segmentMs - 27_000 };
  }

  /** Lets a command that hangs come to its end. */
  release(name: string): void {
    this.#deployed(name.split('.')[0] ?? '', { release: 'RC.3', previousRelease: 'RC.2' });
    this.#released.add(name);
    this.#hanging.get(name)?.();
  }

  #needsPlan(): void {
    if (this.lacksPlan) throw ApplicationFailure.nonRetryable('this worker lacks the plan', 'PlanMissing');
  }

  async #run({
    step,
    generation,
    firstExecutionRunId,
    originalRunId,
    acceptedReset,
    values,
  }: CommandReference & { values: Values }): Promise<CommandReport> {
    const name = `${step}.${generation}`;
    const smoke = wantsReport(stepNamed(this.plan, step).command)
      ? { smoke: this.smokes[name] ?? this.smokes[step] ?? ALL_PASSED }
      : {};
    const report = (end: CommandEnd): CommandReport => ({
      step,
      generation,
      end,
      stdout: PRINTS[step] ?? '',
      stderr: '',
      ...this.prints[step],
      ...smoke,
    });
    const { workflowExecution } = Context.current().info;
    this.#needsPlan();
    if (workflowExecution?.runId !== originalRunId && workflowExecution?.runId !== acceptedReset)
      return report({ kind: 'reset', runId: workflowExecution?.runId ?? '' });
    const key = `${firstExecutionRunId} ${name}`;
    const known = this.#results.get(key);
    if (known) return known;
    const wanted = this.ends[name] ?? this.ends[step] ?? CLEAN;
    // As with the ledger, one that runs is waited for.
    if (wanted === 'hangs' && this.#hanging.has(name)) return this.#hang(name, report);
    this.executed.push(name);
    if (step === 'backup-create') this.backupNames.push(values['backupName']);
    await this.during(name);
    if (wanted === 'hangs') return this.#hang(name, report);
    if (succeeded(wanted)) this.#deployed(step, values);
    const done = report(wanted);
    if (wanted.kind !== 'busy') this.#results.set(key, done);
    return done;
  }

  async #hang(name: string, report: (end: CommandEnd) => CommandReport): Promise<CommandReport> {
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      await new Promise<void>((release, give) => {
        this.#hanging.set(name, release);
        if (this.#released.has(name)) release(); // before it had begun
        Context.current().cancellationSignal.addEventListener('abort', () => give(new CancelledFailure('given up')), {
          once: true,
        });
      });
      return report(this.#released.has(name) ? CLEAN : { kind: 'stopped' });
    } finally {
      clearInterval(beat);
    }
  }

  #deployed(step: string, { release = '', previousRelease = '' }: Values): void {
    if (!this.deploysNothing && step === `deploy-${this.plan.stages.at(-1)?.name}`) this.live = release;
    if (step === 'rollback') this.live = previousRelease;
  }
}

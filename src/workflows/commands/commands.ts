import { ApplicationFailure, CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import type { EarlierCommand, RunReference } from '../../activities/commands/commands.js';
import { describeEnd, lastLine, type CommandReport } from '../../domain/commands/command.js';
import type { Hold, Decision } from '../../domain/people/hold.js';
import type { Values } from '../../domain/plan/placeholders.js';
import { stepNamed, type Plan } from '../../domain/plan/plan.js';
import { whoDecidesAbout } from '../../domain/rollback/restore-approval.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import type { Finding } from '../../domain/run/status.js';
import { host, onHost } from '../activities.js';
import { away, causeOf, untilBack } from '../run/away.js';

/** What a person may choose when golive can't know how a command ended, besides `retry` and `treat-as-done`. */
export type WayOut = 'reject' | 'roll-back' | 'take-over' | 'end-anyway';

interface Surroundings {
  readonly plan: Plan;
  readonly planHash: string;
  values(): Values;
  wayOut(): WayOut;
  ask<Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>>;
  askUntil(hold: Hold, over: () => boolean): Promise<Decision | undefined>;
  /** Leaves the present phase because a person said so. Throws. */
  leave(decision: Decision): never;
  report(
    report: Pick<CommandReport, 'step' | 'generation'> & {
      state: string;
      lastLine?: string;
      startedAt?: string;
      endedAt?: string;
    },
  ): void;
}

interface Running {
  readonly step: string;
  readonly generation: number;
}

export interface CarriedCommands {
  /** The next generation of each step that was decided. */
  readonly generations: readonly (readonly [string, number])[];
  readonly authorised: readonly string[];
  /** The queue of the host that has the run's commands. */
  readonly host?: string;
}

const BUSY_TRIES = 30;

/** Runs the plan's commands, each decision to run one at most once (promise 1). */
export class Commands {
  /** A command that may be running: what has to be stopped before anything else is done to the environment. */
  inFlight: Running | undefined;
  readonly #generations: Map<string, number>;
  readonly #authorised: Set<string>;
  #hostQueue: string | undefined;
  #acceptedReset: string | undefined;
  /** Settles when the question about the host, which is asked once for all who wait for it, is over. */
  #awayUntil: Promise<unknown> | undefined;

  constructor(
    private readonly around: Surroundings,
    { generations, authorised, host: taken }: CarriedCommands = { generations: [], authorised: [] },
  ) {
    this.#generations = new Map(generations);
    this.#authorised = new Set(authorised);
    this.#hostQueue = taken;
  }

  /** For a run that goes on as a new one. A reset that was accepted was one of the old run. */
  get carried(): CarriedCommands {
    return {
      generations: [...this.#generations],
      authorised: [...this.#authorised],
      ...(this.#hostQueue === undefined ? {} : { host: this.#hostQueue }),
    };
  }

  /** The step's command, once. An unknown outcome is a question to people, and this waits for their answer. */
  async run(step: string, values: Values = {}): Promise<CommandReport> {
    for (let busy = 0; ;) {
      const generation = this.#generations.get(step) ?? 1;
      const report = await this.#runGeneration({ step, generation }, values);
      if (report === ELSEWHERE) {
        this.#generations.set(step, generation + 1);
        continue;
      }
      switch (report.end.kind) {
        case 'reset':
          await this.#acceptReset(report.end.runId);
          continue;
        case 'busy':
          busy += 1;
          if (busy < BUSY_TRIES) {
            await sleep('1s', { summary: `${step}: another command still runs` });
            continue;
          }
          return this.#decided(step, report);
        case 'unknown': {
          if (!stepNamed(this.around.plan, step).readOnly || generation >= 3) {
            const outcome = await this.#askAboutUnknown(report);
            if (outcome !== 'retry') return this.#decided(step, outcome);
          }
          // Whatever is left of the old generation is ended before the new one begins.
          await this.stop(report);
          this.#generations.set(step, generation + 1);
          continue;
        }
        default:
          return this.#decided(step, report);
      }
    }
  }

  /** Says that these steps are about to be decided, so that later nothing has to be written before they start. */
  async authorise(...steps: string[]): Promise<void> {
    const commands = steps
      .map((step) => ({ step, generation: this.#generations.get(step) ?? 1 }))
      .filter((each) => !this.#authorised.has(nameOf(each)));
    if (commands.length === 0) return;
    await this.onAnyHost('open the ledger', (activities) => activities.authorise({ ...this.#reference(), commands }));
    commands.forEach((each) => this.#authorised.add(nameOf(each)));
  }

  /** The fence, before anything else touches the environment. Returns at once when nothing is in flight. */
  async stopInFlight(): Promise<void> {
    if (this.inFlight) await this.stop(this.inFlight);
    this.inFlight = undefined;
  }

  async stop(running: Running): Promise<void> {
    for (;;) {
      this.around.report({ ...running, state: 'being stopped' });
      const report = await this.#onHost(`stop ${running.step}`, (activities) =>
        activities.stopCommand({ ...this.#reference(), ...running }),
      );
      // Whoever goes elsewhere has said that nothing of the old host can still act.
      if (report === ELSEWHERE) return;
      this.around.report({
        ...running,
        state: {
          'never-started': 'stopped before it started',
          'ended-before': 'had ended',
          stopped: 'stopped',
          unproven: 'not proven to have ended',
        }[report.state],
      });
      if (report.state !== 'unproven') return;
      const decision = await this.around.ask({
        id: `survivors-${running.step}`,
        reason: `Could not confirm that ${running.step} has stopped: ${report.why ?? "its processes don't end"} (${report.survivors.join(', ') || 'no process in sight'}).`,
        choices: ['stop-again', 'go-on'],
      });
      if (decision.choice === 'go-on') return this.#settle(running, decision);
    }
  }

  /** What earlier runs have left in this environment, from the ledger of this run's host. */
  async earlier(): Promise<EarlierCommand[]> {
    return this.onAnyHost('read the ledger', (activities) => activities.earlierCommands(this.#reference()));
  }

  /** Records that a person vouches for what earlier runs have left unknown. */
  async settleEarlier(by: string, reason: string): Promise<void> {
    await this.#onHost('settle what earlier runs have left', (activities) =>
      activities.settleEarlier({ ...this.#reference(), by, reason }),
    );
  }

  /** The restore drill's reports are files of this run's host. */
  async findDrillReport(): Promise<Finding> {
    return this.onAnyHost('look for a drill report', (activities) =>
      activities.findDrillReport({ planHash: this.around.planHash }),
    );
  }

  /**
   * The contracts, the frozen rules and the integrity command, on the run's host: it has the command's working directory.
   * @param baseline the shapes that must not have drifted; without it `shapes` is what may become the baseline
   */
  async lookAtRules(baseline?: Shapes): Promise<{ findings: Finding[]; shapes: Shapes }> {
    const { planHash } = this.around;
    const values = this.around.values();
    return this.onAnyHost('look at the contracts', (activities) =>
      activities.lookAtRules({ planHash, values, ...(baseline && { baseline }) }),
    );
  }

  /** A look that no worker can make, for want of the plan or a variable, is a question to people like a command that none can run. */
  async look<T>(what: string, call: () => Promise<T>): Promise<T> {
    const seen = await this.#patiently(what, call, call);
    return seen === ELSEWHERE ? this.look(what, call) : seen;
  }

  /** Decides where this run's commands are. Once that is so, they and looks on their host can be asked for side by side. */
  async takeHost(): Promise<string> {
    return (this.#hostQueue ??= (await host.takeHost()).taskQueue);
  }

  /** Where this run's commands are, once its first one was taken. */
  get host(): string | undefined {
    return this.#hostQueue;
  }

  #reference(): RunReference {
    const { firstExecutionRunId, originalExecutionRunId } = workflowInfo();
    return {
      planHash: this.around.planHash,
      environment: this.around.plan.environment.name,
      firstExecutionRunId,
      originalRunId: originalExecutionRunId,
      ...(this.#acceptedReset ? { acceptedReset: this.#acceptedReset } : {}),
    };
  }

  async #runGeneration(running: Running, values: Values): Promise<CommandReport | typeof ELSEWHERE> {
    await this.authorise(running.step);
    this.inFlight = running;
    this.around.report({ ...running, state: 'running' });
    try {
      return await this.#onHost(`run ${running.step}`, (activities) =>
        activities.runCommand({ ...this.#reference(), ...running, values: { ...this.around.values(), ...values } }),
      );
    } catch (error) {
      const refused = causeOf(error);
      if (!(refused instanceof ApplicationFailure) || !['BadManifest', 'BadValue'].includes(refused.type ?? ''))
        throw error;
      return { ...running, end: { kind: 'not-started', why: refused.message }, stdout: '', stderr: '' };
    }
  }

  #decided(step: string, report: CommandReport): CommandReport {
    this.inFlight = undefined;
    // Running the step again is a new decision.
    this.#generations.set(step, report.generation + (report.end.kind === 'busy' ? 0 : 1));
    this.around.report({
      ...report,
      state: describeEnd(report.end),
      lastLine: lastLine(report.stdout) || lastLine(report.stderr),
    });
    return report;
  }

  async #askAboutUnknown(report: CommandReport): Promise<CommandReport | 'retry'> {
    const running = { step: report.step, generation: report.generation };
    this.around.report({ ...running, state: describeEnd(report.end) });
    const wayOut = this.around.wayOut();
    const by = whoDecidesAbout(report.step, this.around.plan);
    const decision = await this.around.ask<'retry' | 'treat-as-done' | WayOut>({
      id: `unknown-${report.step}-${report.generation}`,
      reason: `It is not known how ${report.step} ended: ${describeEnd(report.end)}. Find out what it did before you answer.`,
      choices: ['retry', 'treat-as-done', wayOut],
      ...(by ? { by } : {}),
    });
    await this.#settle(running, decision);
    const { choice } = decision;
    if (choice === 'retry') return 'retry';
    if (choice === 'treat-as-done') return { ...report, end: { kind: 'treated-as-done', by: decision.by } };
    return this.around.leave(decision);
  }

  /** A person's word about a command, in the ledger: from then on it holds up nothing any more. */
  async #settle({ step, generation }: Running, { choice, by, reason }: Decision): Promise<void> {
    await this.#onHost('settle the outcome', (activities) =>
      activities.settle({ ...this.#reference(), step, generation, choice, by, reason }),
    );
  }

  async #acceptReset(runId: string): Promise<void> {
    const decision = await this.around.ask<'continue' | WayOut>({
      id: 'reset',
      reason:
        'This run was reset: steps it had already done may be done again. Commands that ran keep their result; look at the environment before you go on.',
      choices: ['continue', this.around.wayOut()],
    });
    // The reset itself is accepted either way, or the way out couldn't run a command.
    // As the activity saw it: replayed in a run of a later reset, this one's own ID would be another.
    this.#acceptedReset = runId;
    if (decision.choice !== 'continue') this.around.leave(decision);
  }

  /**
   * Calls the host that has this run's ledger: some patience, then a hold that pages and ends by itself when the host is back. During a
   * rollback a person who has fenced the old host may go elsewhere (design §7).
   */
  async #onHost<T>(what: string, call: (activities: HostActivities) => Promise<T>): Promise<T | typeof ELSEWHERE> {
    const queue = await this.takeHost();
    return this.#patiently(
      what,
      () => call(onHost(queue, this.around.plan.holds.hostAway)),
      () => call(onHost(queue)),
    );
  }

  /** The same for what can be asked of any host: who goes elsewhere asks there. */
  async onAnyHost<T>(what: string, call: (activities: HostActivities) => Promise<T>): Promise<T> {
    const answer = await this.#onHost(what, call);
    return answer === ELSEWHERE ? this.onAnyHost(what, call) : answer;
  }

  async #patiently<T>(what: string, first: () => Promise<T>, again: () => Promise<T>): Promise<T | typeof ELSEWHERE> {
    try {
      return await first();
    } catch (error) {
      const why = away(error);
      if (!why) throw error;
      if (this.#awayUntil) {
        const end = await Promise.race([this.#awayUntil, CancellationScope.current().cancelRequested]);
        return end === ELSEWHERE ? ELSEWHERE : this.#patiently(what, first, again);
      }
      const held = this.#holdUntilBack(`golive can't ${what}: ${why}.`, again);
      this.#awayUntil = held.catch(noMatter).finally(() => (this.#awayUntil = undefined));
      return held;
    }
  }

  async #holdUntilBack<T>(why: string, call: () => Promise<T>): Promise<T | typeof ELSEWHERE> {
    const wayOut = this.around.wayOut();
    const hold =
      wayOut === 'take-over'
        ? {
            reason: `${why} "roll-back-elsewhere" says that you have fenced that host: nothing on it can still touch the environment.`,
            choices: ['roll-back-elsewhere', wayOut],
          }
        : { reason: why, choices: [wayOut] };
    const scope = new CancellationScope();
    let isBack = false;
    const answer = scope.run(() => untilBack(call)).finally(() => (isBack = true));
    answer.catch(() => undefined); // told below, to whoever waits
    try {
      const decision = await this.around.askUntil({ id: 'host-away', ...hold }, () => isBack);
      if (!decision) return await answer;
      if (decision.choice !== 'roll-back-elsewhere') this.around.leave(decision);
    } finally {
      scope.cancel();
    }
    this.#hostQueue = undefined;
    this.#authorised.clear();
    return ELSEWHERE;
  }
}

/** A person has fenced the host: what was under way there counts as ended. */
const ELSEWHERE = Symbol('elsewhere');

type HostActivities = ReturnType<typeof onHost>;

const noMatter = () => undefined;

const nameOf = ({ step, generation }: Running) => `${step}.${generation}`;

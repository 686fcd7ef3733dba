import { ApplicationFailure, sleep, workflowInfo } from '@temporalio/workflow';
import type { EarlierCommand, RunReference } from '../../activities/commands/commands.js';
import { describeEnd, lastLine, type CommandReport } from '../../domain/commands/command.js';
import type { Decision } from '../../domain/people/hold.js';
import type { Values } from '../../domain/plan/placeholders.js';
import { deployStep, stepNamed } from '../../domain/plan/plan.js';
import { whoDecidesAbout } from '../../domain/rollback/restore-approval.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import type { CommandsState } from '../../domain/run/run-state.js';
import type { Finding, GoLiveStatus } from '../../domain/run/status.js';
import type { HostActivities } from '../activities.js';
import { causeOf } from '../run/away.js';
import type { CommandsPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { ELSEWHERE, RunHost, type Call } from './run-host.js';

type CommandStatus = GoLiveStatus['commands'][number];

interface Running {
  readonly step: string;
  readonly generation: number;
}

const BUSY_TRIES = 30;

/** Runs the plan's commands, each decision to run one at most once (promise 1). */
export class Commands implements CommandsPort {
  /** A command that may be running: what has to be stopped before anything else is done to the environment. */
  inFlight: Running | undefined;
  /** A reset that was accepted, as a run ID: of this run only. */
  #acceptedReset: string | undefined;
  /** Commands that only the ledger knows of, and that a person goes on in spite of. */
  #acceptedAhead: readonly string[] = [];
  readonly #run: Run;
  readonly #host: RunHost;

  constructor(run: Run) {
    this.#run = run;
    this.#host = new RunHost(run);
  }

  /** The step's command, once. An unknown outcome is a question to people, and this waits for their answer. */
  async run(step: string, values: Values = {}): Promise<CommandReport> {
    for (let busy = 0; ;) {
      const generation = this.#generation(step);
      const report = await this.#runGeneration({ step, generation }, values);
      if (report === ELSEWHERE) {
        this.#decideNext(step, generation + 1);
        continue;
      }
      switch (report.end.kind) {
        case 'reset':
          await this.#acceptReset(report.end.runId);
          continue;
        case 'ahead':
          await this.#acceptAhead(report.end.commands);
          continue;
        case 'busy':
          busy += 1;
          if (busy < BUSY_TRIES) {
            await sleep('1s', { summary: `${step}: another command still runs` });
            continue;
          }
          return this.#decided(step, report);
        case 'unknown': {
          if (!stepNamed(this.#run.plan, step).readOnly || generation >= 3) {
            const outcome = await this.#askAboutUnknown(report);
            if (outcome !== 'retry') return this.#decided(step, outcome);
          }
          // Whatever is left of the old generation is ended before the new one begins.
          await this.stop(report);
          this.#decideNext(step, generation + 1);
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
      .map((step) => ({ step, generation: this.#generation(step) }))
      .filter((each) => !this.#state.authorised.includes(nameOf(each)));
    if (commands.length === 0) return;
    const call = (activities: HostActivities) => activities.authorise({ ...this.#reference(), commands });
    await this.#host.askAny('open the ledger', call, 'nearest');
    this.#state = { ...this.#state, authorised: [...this.#state.authorised, ...commands.map(nameOf)] };
  }

  /** The fence, before anything else touches the environment. Returns at once when nothing is in flight. */
  async stopInFlight(): Promise<void> {
    if (this.inFlight) await this.stop(this.inFlight);
    this.inFlight = undefined;
  }

  async stop(running: Running): Promise<void> {
    for (;;) {
      this.#report({ ...running, state: 'being stopped' });
      const report = await this.#host.ask(`stop ${running.step}`, (activities) =>
        activities.stopCommand({ ...this.#reference(), ...running }),
      );
      // Whoever goes elsewhere has said that nothing of the old host can still act.
      if (report === ELSEWHERE) return;
      this.#report({
        ...running,
        state: {
          'never-started': 'stopped before it started',
          'ended-before': 'had ended',
          stopped: 'stopped',
          unproven: 'not proven to have ended',
        }[report.state],
      });
      if (report.state !== 'unproven') return;
      const decision = await this.#run.ask({
        id: `survivors-${running.step}`,
        reason: `Could not confirm that ${running.step} has stopped: ${report.why ?? "its processes don't end"} (${report.survivors.join(', ') || 'no process in sight'}).`,
        choices: ['stop-again', 'go-on'],
      });
      if (decision.choice === 'go-on') return this.#settle(running, decision);
    }
  }

  /** What earlier runs have left in this environment, from the ledger of this run's host. */
  async earlier(): Promise<EarlierCommand[]> {
    const call = (activities: HostActivities) => activities.earlierCommands(this.#reference());
    return this.#host.askAny('read the ledger', call, 'nearest');
  }

  /** Records that a person vouches for what earlier runs have left unknown. */
  async settleEarlier(by: string, reason: string): Promise<void> {
    await this.#host.ask('settle what earlier runs have left', (activities) =>
      activities.settleEarlier({ ...this.#reference(), by, reason }),
    );
  }

  /** The restore drill's reports are files of this run's host. */
  async findDrillReport(): Promise<Finding> {
    return this.#host.askAny('look for a drill report', (activities) =>
      activities.findDrillReport({ planHash: this.#run.planHash }),
    );
  }

  /**
   * The contracts, the frozen rules and the integrity command, on the run's host: it has the command's working directory.
   * @param baseline the shapes that must not have drifted; without it `shapes` is what may become the baseline
   */
  async lookAtRules(baseline?: Shapes): Promise<{ findings: Finding[]; shapes: Shapes }> {
    const { planHash } = this.#run;
    const values = this.#run.values;
    return this.#host.askAny('look at the contracts', (activities) =>
      activities.lookAtRules({ planHash, values, ...(baseline && { baseline }) }),
    );
  }

  look<T>(what: string, call: () => Promise<T>): Promise<T> {
    return this.#host.look(what, call);
  }

  takeHost(): Promise<string> {
    return this.#host.take();
  }

  get host(): string | undefined {
    return this.#host.queue;
  }

  onAnyHost<T>(what: string, call: Call<T>): Promise<T> {
    return this.#host.askAny(what, call);
  }

  get #state(): CommandsState {
    return this.#run.state.commands;
  }

  set #state(state: CommandsState) {
    this.#run.state.commands = state;
  }

  /** The generation of the step that is decided next. */
  #generation(step: string): number {
    return this.#state.generations[step] ?? 1;
  }

  #decideNext(step: string, generation: number): void {
    this.#state = { ...this.#state, generations: { ...this.#state.generations, [step]: generation } };
  }

  #report({ step, generation, ...state }: Running & Partial<CommandStatus> & { readonly state: string }): void {
    const name = nameOf({ step, generation });
    const { states } = this.#state;
    this.#run.record(`${name}: ${state.state}`);
    const status = { ...states[name], lastLine: '', ...state, step, generation };
    this.#state = { ...this.#state, states: { ...states, [name]: status } };
    this.#run.show();
  }

  #reference(): RunReference {
    const { firstExecutionRunId, originalExecutionRunId } = workflowInfo();
    return {
      planHash: this.#run.planHash,
      environment: this.#run.plan.environment.name,
      firstExecutionRunId,
      originalRunId: originalExecutionRunId,
      ...(this.#acceptedReset ? { acceptedReset: this.#acceptedReset } : {}),
    };
  }

  async #runGeneration(running: Running, values: Values): Promise<CommandReport | typeof ELSEWHERE> {
    await this.authorise(running.step);
    this.inFlight = running;
    const { deadline } = stepNamed(this.#run.plan, running.step).command;
    this.#report({
      ...running,
      state: 'running',
      decidedAt: new Date().toISOString(),
      deadline: new Date(Date.now() + deadline).toISOString(),
    });
    try {
      return await this.#host.ask(`run ${running.step}`, (activities) =>
        activities.runCommand({
          ...this.#reference(),
          ...running,
          known: Object.keys(this.#state.states),
          ...(this.#acceptedAhead.length > 0 ? { acceptedAhead: this.#acceptedAhead } : {}),
          values: { ...this.#run.values, ...values },
        }),
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
    this.#decideNext(step, report.generation + (report.end.kind === 'busy' ? 0 : 1));
    const { end, stdout, stderr, ...known } = report;
    this.#report({ ...known, state: describeEnd(end), lastLine: lastLine(stdout) || lastLine(stderr) });
    return report;
  }

  async #askAboutUnknown(report: CommandReport): Promise<CommandReport | 'retry'> {
    const running = { step: report.step, generation: report.generation };
    this.#report({ ...running, state: describeEnd(report.end) });
    const wayOut = this.#run.wayOut();
    const by = whoDecidesAbout(report.step, this.#run.plan);
    const decision = await this.#run.ask({
      id: `unknown-${report.step}-${report.generation}`,
      reason: `It is not known how ${report.step} ended: ${describeEnd(report.end)}. Find out what it did before you answer.`,
      choices: ['retry', 'treat-as-done', wayOut],
      ...(by ? { by } : {}),
    });
    await this.#settle(running, decision);
    const { choice } = decision;
    if (choice === 'retry') return 'retry';
    if (choice === 'treat-as-done') return { ...report, end: { kind: 'treated-as-done', by: decision.by } };
    return this.#run.leave(decision);
  }

  /** A person's word about a command, in the ledger: from then on it holds up nothing any more. */
  async #settle({ step, generation }: Running, { choice, by, reason }: Decision): Promise<void> {
    await this.#host.ask('settle the outcome', (activities) =>
      activities.settle({ ...this.#reference(), step, generation, choice, by, reason }),
    );
  }

  /** The server's database was restored from before these commands: nobody knows what else the run has forgotten. */
  async #acceptAhead(commands: readonly string[]): Promise<void> {
    const decision = await this.#run.ask({
      id: 'ledger-ahead',
      reason: `The ledger has run ${commands.join(', ')} of this go-live, which the Temporal server knows nothing of: its database was restored from before that. Steps that ran are not run again; decisions made since then are forgotten. Look at the environment before you go on.`,
      choices: ['continue', this.#run.wayOut()],
    });
    if (decision.choice !== 'continue') {
      // What still runs of them would stand in front of the rollback.
      const deploys = commands
        .map(runningOf)
        .filter(({ step }) => this.#run.plan.stages.some((stage) => deployStep(stage) === step));
      for (const each of deploys) await this.stop(each);
      this.#run.leave(decision);
    }
    this.#acceptedAhead = [...this.#acceptedAhead, ...commands];
  }

  async #acceptReset(runId: string): Promise<void> {
    const decision = await this.#run.ask({
      id: 'reset',
      reason:
        'This run was reset: steps it had already done may be done again. Commands that ran keep their result; look at the environment before you go on.',
      choices: ['continue', this.#run.wayOut()],
    });
    // The reset itself is accepted either way, or the way out couldn't run a command.
    // As the activity saw it: replayed in a run of a later reset, this one's own ID would be another.
    this.#acceptedReset = runId;
    if (decision.choice !== 'continue') this.#run.leave(decision);
  }
}

const runningOf = (name: string): Running => {
  const dot = name.lastIndexOf('.');
  return { step: name.slice(0, dot), generation: Number(name.slice(dot + 1)) };
};
const nameOf = ({ step, generation }: Running) => `${step}.${generation}`;

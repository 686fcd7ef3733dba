import { Context } from '@temporalio/activity';
import { lastLine, type CommandProgress, type CommandReport } from '../../domain/commands/command.js';
import { shortened } from '../../domain/text/cut-text.js';
import type { Values } from '../../domain/plan/placeholders.js';
import { deployStep, stepNamed, wantsReport, type Plan } from '../../domain/plan/plan.js';
import type { Command } from '../../domain/plan/playbook.js';
import type { SmokeEvidence } from '../../domain/smoke/smoke-evidence.js';
import { summarise } from '../../domain/smoke/smoke-report.js';
import { hostQueue } from '../../domain/run/task-queues.js';
import type { CommandKey, CommandSpec } from '../../ledger/ledger.js';
import { secretValues, type Environment } from '../../plans/variables.js';
import { endOf } from './command-end.js';
import { commandLine } from './command-line.js';
import { keepCommand } from './command-evidence.js';
import type { Dependencies } from '../dependencies.js';
import { ownRun } from '../own-run.js';
import { readJunitReport } from '../smoke/junit-report.js';
import { beating, retryably } from '../patience.js';

/** What every call about a command says of its run. None of it is a command line: that comes from the plan this worker holds (promise 5). */
export interface RunReference {
  readonly planHash: string;
  readonly environment: string;
  readonly firstExecutionRunId: string;
  /** The run ID this run had when it was started; another one now means that it was reset. */
  readonly originalRunId: string;
  /** The run ID a person has accepted a reset to. */
  readonly acceptedReset?: string;
}

export interface CommandReference extends RunReference {
  readonly step: string;
  readonly generation: number;
}

/** The commands that the run has decided, as `step.generation`, this one among them; and those it goes on in spite of. Left out by workflows of versions before. */
export interface KnownCommands {
  readonly known?: readonly string[];
  readonly acceptedAhead?: readonly string[];
}

export interface StopReport {
  /** `unproven`: nobody can say that nothing of it runs any more. */
  readonly state: 'never-started' | 'ended-before' | 'stopped' | 'unproven';
  /** Processes that even KILL didn't end. */
  readonly survivors: readonly number[];
  readonly why?: string;
}

export interface EarlierCommand {
  readonly workflowId: string;
  readonly step: string;
  readonly state: 'running' | 'unknown';
}

export interface CommandActivities {
  /** The host whose ledger this run's commands will be in: the one that answers first. */
  readonly takeHost: () => Promise<{ hostId: string; taskQueue: string }>;
  /** Opens the ledger for commands that are about to be decided, so that a directory missing later means that the ledger was lost. */
  readonly authorise: (
    input: RunReference & { commands: readonly { step: string; generation: number }[] },
  ) => Promise<void>;
  /** Runs a command once, or waits for the one that runs, or tells how it ended. */
  readonly runCommand: (input: CommandReference & KnownCommands & { values: Values }) => Promise<CommandReport>;
  /** The fence: this generation never starts any more, and what of it runs is ended. */
  readonly stopCommand: (input: CommandReference) => Promise<StopReport>;
  /** Commands of this environment that still run or whose outcome nobody knows, of other runs than this one. */
  readonly earlierCommands: (input: RunReference) => Promise<EarlierCommand[]>;
  /** Writes a person's decision about an unknown outcome into the ledger. */
  readonly settle: (input: CommandReference & { choice: string; by: string; reason: string }) => Promise<void>;
  /** Writes the same for everything unknown that earlier runs have left. */
  readonly settleEarlier: (input: RunReference & { by: string; reason: string }) => Promise<void>;
}

/** Of the last line that a heartbeat tells. */
const LONGEST_LINE = 200;

/** The name of a smoke's JUnit report in the directory of its command. */
const REPORT = 'report.xml';

export function commandActivities({
  plans,
  ledger,
  environment,
  client,
  taskQueue,
  evidence,
  log,
}: Dependencies & { readonly taskQueue: string }): CommandActivities {
  return {
    takeHost: () => Promise.resolve({ hostId: ledger.hostId, taskQueue: hostQueue(taskQueue, ledger.hostId) }),

    async authorise({ commands, ...run }) {
      const keys = commands.map((command) => keyOf({ ...run, ...command }));
      await beating(() =>
        retryably(() => ledger.authorise(keys, { runId: run.originalRunId, planHash: run.planHash })),
      );
    },

    async runCommand({ values, known, acceptedAhead = [], ...command }) {
      const key = keyOf(command);
      if (wasReset(command))
        return {
          step: command.step,
          generation: command.generation,
          end: { kind: 'reset', runId: ownRun().runId },
          stdout: '',
          stderr: '',
        };
      const plan = await retryably(() => plans.load(command.planHash));
      // Whoever has accepted a reset has been asked the same.
      if (
        known &&
        command.acceptedReset === undefined &&
        plan.stages.some((stage) => deployStep(stage) === command.step)
      ) {
        const expected = [...known, ...acceptedAhead];
        const ahead = (await retryably(() => ledger.startedOf(key))).filter((name) => !expected.includes(name));
        const { step, generation } = command;
        if (ahead.length > 0)
          return { step, generation, end: { kind: 'ahead', commands: ahead }, stdout: '', stderr: '' };
      }
      const { command: written } = await retryably(() => stepNamed(plan, command.step));
      const report = ledger.fileOf(key, REPORT);
      const spec = await retryably(() => specOf(plan, written, values, environment, report));
      // What it printed last is as it is in the ledger, with known secrets taken out.
      const progress = async (): Promise<CommandProgress> => {
        const { stdoutTail, stderrTail } = await ledger.output(key);
        const { step, generation } = command;
        return { step, generation, lastLine: shortened(lastLine(stdoutTail) || lastLine(stderrTail), LONGEST_LINE) };
      };
      return beating(async () => {
        const outcome = await retryably(() => ledger.run(key, spec, { signal: Context.current().cancellationSignal }));
        const view = await ledger.read(key);
        const { stdoutTail, stderrTail } = view;
        const times =
          'startedAt' in outcome && outcome.startedAt
            ? { startedAt: outcome.startedAt, ...(outcome.endedAt ? { endedAt: outcome.endedAt } : {}) }
            : {};
        const { step, generation } = command;
        const ended = { step, generation, end: endOf(outcome), ...times };
        if (evidence) await keepCommand(evidence, ownRun(), ended, view, log);
        const smoke = wantsReport(written) ? { smoke: await evidenceIn(report, plan, environment) } : {};
        return { ...ended, stdout: stdoutTail, stderr: stderrTail, ...smoke };
      }, progress);
    },

    async stopCommand(command) {
      const key = keyOf(command);
      const plan = await retryably(() => plans.load(command.planHash));
      const { state, survivors, why } = await beating(() => retryably(() => ledger.stop(key, plan.stopGrace)));
      return { state, survivors, ...(why === undefined ? {} : { why }) };
    },

    async earlierCommands(run) {
      const here = (await unsettled(run)).map(({ key, state }): EarlierCommand => ({
        workflowId: key.workflowId,
        step: `${key.step}.${key.generation}`,
        state,
      }));
      return [...here, ...(await leftElsewhere())];
    },

    async settle({ choice, by, reason, ...command }) {
      await retryably(() => ledger.settle(keyOf(command), { choice, by, reason }));
    },

    async settleEarlier({ by, reason, ...run }) {
      for (const { key, state } of await unsettled(run)) {
        if (state === 'unknown') await retryably(() => ledger.settle(key, { choice: 'attested', by, reason }));
      }
    },
  };

  /** A run that was cut off while its commands were in another host's ledger: from here nobody can say what became of them. */
  async function leftElsewhere(): Promise<EarlierCommand[]> {
    const { workflowId, runId } = ownRun();
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      if (run.runId === runId) continue;
      const { host, outcome } = (run.memo?.['goLive'] ?? {}) as { host?: string; outcome?: string };
      const elsewhere = host !== undefined && outcome === undefined && host !== hostQueue(taskQueue, ledger.hostId);
      return elsewhere
        ? [
            {
              workflowId,
              step: `whatever run ${run.runId} (${run.status.name.toLowerCase()}) has left on ${host}`,
              state: 'unknown',
            },
          ]
        : [];
    }
    return [];
  }

  async function unsettled(run: RunReference): Promise<{ key: CommandKey; state: 'running' | 'unknown' }[]> {
    const { workflowId } = ownRun();
    return (await ledger.commandsOf(lockOf(run), 'without a result')).flatMap(
      ({ authorised, observation, settled }) => {
        const state = observation.state === 'starting' ? 'running' : observation.state;
        if (!authorised || (state !== 'running' && (state !== 'unknown' || settled))) return [];
        const { key } = authorised;
        return key.workflowId === workflowId && key.firstExecutionRunId === run.firstExecutionRunId
          ? []
          : [{ key, state }];
      },
    );
  }
}

function keyOf({
  firstExecutionRunId,
  step,
  generation,
}: Pick<CommandReference, 'firstExecutionRunId' | 'step' | 'generation'>): CommandKey {
  return { workflowId: ownRun().workflowId, firstExecutionRunId, step, generation };
}

function wasReset({ originalRunId, acceptedReset }: RunReference): boolean {
  const { runId } = ownRun();
  return runId !== originalRunId && runId !== acceptedReset;
}

/** A rehearsal doesn't stand in the way of the environment's real commands. */
function lockOf({ environment }: Pick<RunReference, 'environment'>): string {
  return ownRun().workflowId.endsWith('-dry-run') ? `${environment}-dry-run` : environment;
}

/** What the ledger is to run: the step's command line, and for a smoke the place of its report in the command's own directory. */
async function specOf(
  plan: Plan,
  command: Command,
  values: Values,
  environment: Environment,
  report: string,
): Promise<CommandSpec> {
  const line = await commandLine(plan, command, values, environment, wantsReport(command) ? report : undefined);
  return {
    ...line,
    environment: lockOf({ environment: plan.environment.name }),
    deadlineMs: command.deadline,
    stopGraceMs: plan.stopGrace,
    // It only looks, and takes a while. The one after a rollback is waited for.
    ...(command === plan.verify.smoke ? { givesWay: true } : {}),
  };
}

/** What the smoke has written to its report, classified by the plan's critical areas. */
async function evidenceIn(report: string, plan: Plan, environment: Environment): Promise<SmokeEvidence> {
  const { areas } = plan.verify.smoke;
  const read = await readJunitReport(report, secretValues(plan, environment), areas);
  return 'unreadable' in read ? read : summarise(read.tests, areas);
}

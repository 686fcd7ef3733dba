import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve as resolvePath } from 'node:path';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { CommandEnd, CommandReport } from '../domain/command.js';
import { TAG } from '../domain/input.js';
import { fillArguments, type Values } from '../domain/placeholders.js';
import { stepNamed, type Plan } from '../domain/plan.js';
import { hostQueue } from '../domain/task-queues.js';
import type { CommandKey, CommandOutcome, CommandSpec } from '../ledger/ledger.js';
import { resolve, secretValues, type Environment } from '../plans/variables.js';
import type { Contacts } from './contacts.js';
import { beating, retryably } from './patience.js';

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
  readonly authorise: (input: RunReference & { commands: readonly { step: string; generation: number }[] }) => Promise<void>;
  /** Runs a command once, or waits for the one that runs, or tells how it ended. */
  readonly runCommand: (input: CommandReference & { values: Values }) => Promise<CommandReport>;
  /** The fence: this generation never starts any more, and what of it runs is ended. */
  readonly stopCommand: (input: CommandReference) => Promise<StopReport>;
  /** Commands of this environment that still run or whose outcome nobody knows, of other runs than this one. */
  readonly earlierCommands: (input: RunReference) => Promise<EarlierCommand[]>;
  /** Writes a person's decision about an unknown outcome into the ledger. */
  readonly settle: (input: CommandReference & { choice: string; by: string; reason: string }) => Promise<void>;
  /** Writes the same for everything unknown that earlier runs have left. */
  readonly settleEarlier: (input: RunReference & { by: string; reason: string }) => Promise<void>;
}

export function commandActivities({ plans, ledger, environment, client, taskQueue }: Contacts & { readonly taskQueue: string }): CommandActivities {
  return {
    takeHost: () => Promise.resolve({ hostId: ledger.hostId, taskQueue: hostQueue(taskQueue, ledger.hostId) }),

    async authorise({ commands, ...run }) {
      const keys = commands.map((command) => keyOf({ ...run, ...command }));
      await retryably(() => ledger.authorise(keys, { runId: run.originalRunId, planHash: run.planHash }));
    },

    async runCommand({ values, ...command }) {
      const key = keyOf(command);
      if (wasReset(command)) return { step: command.step, generation: command.generation, end: { kind: 'reset', runId: ownExecution().runId }, stdout: '', stderr: '' };
      const plan = await retryably(() => plans.load(command.planHash));
      const spec = await retryably(() => specOf(plan, command, values, environment));
      return beating(async () => {
        const outcome = await retryably(() => ledger.run(key, spec, { signal: Context.current().cancellationSignal }));
        const { stdoutTail, stderrTail } = await ledger.read(key);
        const times = 'startedAt' in outcome && outcome.startedAt ? { startedAt: outcome.startedAt, ...(outcome.endedAt ? { endedAt: outcome.endedAt } : {}) } : {};
        return { step: command.step, generation: command.generation, end: endOf(outcome), stdout: stdoutTail, stderr: stderrTail, ...times };
      });
    },

    async stopCommand(command) {
      const key = keyOf(command);
      const plan = await retryably(() => plans.load(command.planHash));
      const { state, survivors, why } = await beating(() => retryably(() => ledger.stop(key, plan.stopGrace)));
      return { state, survivors, ...(why === undefined ? {} : { why }) };
    },

    async earlierCommands(run) {
      const here = (await unsettled(run)).map(({ key, state }): EarlierCommand => ({ workflowId: key.workflowId, step: `${key.step}.${key.generation}`, state }));
      return [...here, ...(await leftElsewhere())];
    },

    async settle({ choice, by, reason, ...command }) {
      await ledger.settle(keyOf(command), { choice, by, reason });
    },

    async settleEarlier({ by, reason, ...run }) {
      for (const { key, state } of await unsettled(run)) {
        if (state === 'unknown') await ledger.settle(key, { choice: 'attested', by, reason });
      }
    },
  };

  /** A run that was cut off while its commands were in another host's ledger: from here nobody can say what became of them. */
  async function leftElsewhere(): Promise<EarlierCommand[]> {
    const { workflowId, runId } = ownExecution();
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      if (run.runId === runId) continue;
      const { host, outcome } = (run.memo?.['goLive'] ?? {}) as { host?: string; outcome?: string };
      const elsewhere = host !== undefined && outcome === undefined && host !== hostQueue(taskQueue, ledger.hostId);
      return elsewhere ? [{ workflowId, step: `whatever run ${run.runId} (${run.status.name.toLowerCase()}) has left on ${host}`, state: 'unknown' }] : [];
    }
    return [];
  }

  async function unsettled(run: RunReference): Promise<{ key: CommandKey; state: 'running' | 'unknown' }[]> {
    const { workflowId } = ownExecution();
    return (await ledger.commandsOf(lockOf(run))).flatMap(({ authorised, observation, settled }) => {
      const state = observation.state === 'starting' ? 'running' : observation.state;
      if (!authorised || (state !== 'running' && (state !== 'unknown' || settled))) return [];
      const { key } = authorised;
      return key.workflowId === workflowId && key.firstExecutionRunId === run.firstExecutionRunId ? [] : [{ key, state }];
    });
  }
}

/** The workflow this activity runs for. An activity that was started on its own has none, and gets nothing run. */
function ownExecution(): { workflowId: string; runId: string } {
  const { workflowExecution, workflowType } = Context.current().info;
  if (!workflowExecution || workflowType !== 'controlledGoLive') {
    throw ApplicationFailure.nonRetryable('Commands run only as steps of a controlledGoLive workflow; an activity started by itself is refused.', 'NotAGoLive');
  }
  return workflowExecution;
}

function keyOf({ firstExecutionRunId, step, generation }: Pick<CommandReference, 'firstExecutionRunId' | 'step' | 'generation'>): CommandKey {
  return { workflowId: ownExecution().workflowId, firstExecutionRunId, step, generation };
}

function wasReset({ originalRunId, acceptedReset }: RunReference): boolean {
  const { runId } = ownExecution();
  return runId !== originalRunId && runId !== acceptedReset;
}

/** A rehearsal doesn't stand in the way of the environment's real commands. */
function lockOf({ environment }: Pick<RunReference, 'environment'>): string {
  return ownExecution().workflowId.endsWith('-dry-run') ? `${environment}-dry-run` : environment;
}

/** The command line of a step, from the worker's own plan, with the run's values put in as parts of arguments. */
async function specOf(plan: Plan, { step: name }: CommandReference, values: Values, environment: Environment): Promise<CommandSpec> {
  const { command } = stepNamed(plan, name);
  const workingDirectory = resolvePath(resolve(command.workingDirectory ?? plan.environment.workingDirectory, environment));
  const safe = await checkedValues(plan, values, environment);
  const written = Object.entries({ ...plan.environment.environment, ...command.environment });
  return {
    environment: lockOf({ environment: plan.environment.name }),
    argv: filled(command.run, safe).map((argument) => resolve(argument, environment)),
    workingDirectory,
    env: {
      ...Object.fromEntries(plan.inherit.flatMap((variable) => (environment[variable] === undefined ? [] : [[variable, environment[variable]]]))),
      ...Object.fromEntries(written.map(([variable, value]) => [variable, resolve(value, environment)])),
    },
    deadlineMs: command.deadline,
    stopGraceMs: plan.stopGrace,
    secrets: secretValues(plan, environment),
  };
}

function filled(argv: readonly string[], values: Values): string[] {
  try {
    return fillArguments(argv, values);
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'BadValue');
  }
}

/** Values come from the workflow: tags are checked again, and a manifest must lie inside the artifacts folder (design §8). */
async function checkedValues(plan: Plan, { manifest, ...values }: Values, environment: Environment): Promise<Values> {
  for (const [name, value] of Object.entries(values)) {
    if (!TAG.test(value)) throw ApplicationFailure.nonRetryable(`The value of {${name}} can't become part of a command: ${JSON.stringify(value)}.`, 'BadValue');
  }
  if (manifest === undefined) return values;
  const from = resolve(plan.preflight.backup.create.workingDirectory ?? plan.environment.workingDirectory, environment);
  const refuse = (why: string) => ApplicationFailure.nonRetryable(`The manifest that the backup printed can't be used: ${why}.`, 'BadManifest');
  if (/[${}]/.test(manifest)) throw refuse(`${JSON.stringify(manifest)} is no path`);
  const there = (path: string) => realpath(path).catch((error: Error) => { throw refuse(error.message); });
  const folder = await there(resolvePath(from, resolve(plan.preflight.backup.artifacts, environment)));
  const path = await there(resolvePath(from, manifest));
  const inside = relative(folder, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
    throw refuse(`it is outside the artifacts folder: ${path} is not in ${folder}`);
  }
  return { ...values, manifest: path };
}

/** What the history keeps of an outcome; the rest stays in the ledger. */
function endOf(outcome: CommandOutcome): CommandEnd {
  switch (outcome.kind) {
    case 'exited':
      return { kind: 'exited', exitCode: outcome.exitCode };
    case 'signalled':
      return { kind: 'signalled', signal: outcome.signal };
    case 'not-started':
      return { kind: 'not-started', why: outcome.reason };
    case 'busy':
    case 'unknown':
      return outcome;
    case 'deadline':
    case 'stopped':
      return { kind: outcome.kind };
  }
}

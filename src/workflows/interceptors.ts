import { cut, shortened } from '../domain/text/cut-text.js';
import { inRows, type StateTable } from '../domain/watching/state-table.js';
import type { TargetState } from '../domain/watching/segment.js';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { refuseStaleClock } from './run/refuse-stale-clock.js';
import { ofThisRun } from './run/of-this-run.js';

/** Each activity carries a line for the UI: where the run was and what it is about, not only what it is called. No event is taken with the clock of another task. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [refuseStaleClock()],
  outbound: [
    {
      // The worker adds its namespace and task queue: with these alone golive's gauges and counters have the same labels.
      getMetricTags: () => ({}),
      scheduleActivity(input, next) {
        const summary = summaryOf(input.activityType, input.args[0] ?? {});
        return next(summary === undefined ? input : { ...input, options: { ...input.options, summary } });
      },
    },
  ],
});

interface Said {
  step?: string;
  generation?: number;
  commands?: { step: string }[];
  stage?: string;
  release?: string;
  environment?: string;
  text?: string;
  states?: readonly TargetState[] | StateTable;
  choice?: string;
  manifest?: string;
  by?: string;
  item?: string;
  channel?: string;
  post?: { kind: string; text: string };
}

/** So much of a message fits before the bars of the timeline, at 1280 pixels. */
const MESSAGE = 80;

/** At most the 200 characters that the server keeps. */
function summaryOf(activity: string, said: Said): string | undefined {
  const command = said.step === undefined ? '' : `${said.step}.${said.generation}`;
  const summaries: Record<string, string | undefined> = {
    openRun: `freeze the plan of ${said.environment}`,
    lookAtFreezes: 'is anything frozen now',
    keepAlive: "dead man's ping",
    takeHost: 'which host takes the commands',
    authorise: `open the ledger for ${said.commands?.map(({ step }) => step).join(', ')}`,
    runCommand: command,
    stopCommand: `stop ${command}`,
    settle: `${command}: ${said.choice}`,
    earlierCommands: 'what earlier runs have left',
    settleEarlier: 'what earlier runs have left is vouched for',
    findDrillReport: 'restore drill',
    findRehearsal: 'rehearsal of this plan',
    describeSteps: 'every step with its arguments',
    lookAtChecks: 'each probe once',
    lookAtMetrics: 'each metric once',
    lookAtUrl: said.item,
    proveLiveVersion: `is ${said.release} live`,
    awaitRelease: `does ${said.stage} answer with ${said.release}`,
    lookAtRules: 'login, contracts and integrity',
    announce: said.text && shortened(said.text, MESSAGE),
    deliver: `${said.post?.kind} to ${said.channel}: ${said.post?.text}`,
    lookAtLiveVersion: 'what is live',
    readBackup: `read the backup ${said.manifest}`,
    readDrill: 'read the report of the restore drill',
    verifyApproval: `the signature of ${said.by}`,
    observe: `watch ${[...new Set(inRows({ states: said.states ?? [] }).states.map(({ target }) => target))].join(', ')}`,
  };
  const summary = summaries[activity];
  if (summary === undefined) return undefined;
  const { where, because } = ofThisRun();
  if (activity === 'runCommand' && said.step === 'rollback' && because !== undefined)
    return shortened(`${summary}, ${because}`, MESSAGE + 10);
  return cut(activity === 'announce' ? summary : `${where}: ${summary}`, 200);
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { cdevents, type CDEvent } from '../../domain/evidence/cdevents.js';
import { momentsOf, momentsOfResult } from '../../domain/evidence/lifecycle.js';
import { causeText } from '../../domain/run/cause.js';
import { readWorkflowId, workflowIdOf, WORKFLOW_TYPE } from '../../domain/run/workflow-id.js';
import type { GoLiveResult } from '../../domain/run/status.js';
import { placeOf } from '../../journals/place.js';
import { decidedIn } from '../../journals/read-journals.js';
import { readInput, readRemembered } from '../../temporal/left-with-server.js';
import { readRecent } from '../../temporal/recent-history.js';
import { endedAs } from './known-facts.js';
import { endOf } from './look-at-run.js';

/** A go-live that the server remembers; all runs of its chain are one. Times are ISO. This is what `golive history --json` prints. */
export interface PastRun {
  readonly workflowId: string;
  /** Of the last run of its chain. */
  readonly runId: string;
  readonly dryRun: boolean;
  /** It took `release` back to `previousRelease`, as a run of its own. */
  readonly rollback: boolean;
  readonly open: boolean;
  readonly release?: string | undefined;
  readonly previousRelease?: string | undefined;
  readonly decisionOwner?: string | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  /** How it ended, the server's word for one that was cut off; of an open one its phase. */
  readonly outcome: string;
  /** What stopped it, or was the reason for it, and who. */
  readonly cause?: string | undefined;
  /** When its release was live and verified, when it began to fail, and when the previous one was proven to be back; ISO. */
  readonly liveAt?: string | undefined;
  readonly failingSince?: string | undefined;
  readonly restoredAt?: string | undefined;
  /** The same as CDEvents; none of a rehearsal. */
  readonly events: readonly CDEvent[];
}

/** What is asked of past runs: at most so many, with rehearsals or without, and the folder where evidence of them may lie. */
export interface Asked {
  readonly dryRun: boolean;
  readonly most: number;
  readonly evidence: string;
}

/** The runs of a chain, as the server lists them. */
interface Chain {
  readonly first: WorkflowExecutionInfo;
  readonly last: WorkflowExecutionInfo;
}

/** The go-lives of an environment, newest first, at most so many; with its rehearsals where they are asked for. Throws what the server says when it can't list. */
export async function pastRuns(
  client: Client,
  environment: string,
  { dryRun, most, evidence }: Asked,
): Promise<PastRun[]> {
  const ids = [workflowIdOf({ environment }), ...(dryRun ? [workflowIdOf({ environment, dryRun })] : [])];
  const chains = await Promise.all(ids.map((workflowId) => chainsOf(client, workflowId, most)));
  const newest = chains.flat().sort((one, other) => Number(other.first.startTime) - Number(one.first.startTime));
  return await Promise.all(newest.slice(0, most).map((chain) => pastRun(client, environment, chain, evidence)));
}

/** The newest chains of a workflow ID: no two of its runs are ever open at once, so one that goes on as a new run is followed by that. */
async function chainsOf(client: Client, workflowId: string, most: number): Promise<Chain[]> {
  const runs: WorkflowExecutionInfo[] = [];
  let begun = 0;
  for await (const run of client.workflow.list({
    query: `WorkflowType = '${WORKFLOW_TYPE}' AND WorkflowId = '${workflowId}'`,
  })) {
    if (run.status.name !== 'CONTINUED_AS_NEW') begun += 1;
    // What comes now belongs to no chain that is wanted.
    if (begun > most) break;
    runs.push(run);
  }
  const chains: Chain[] = [];
  for (const run of runs.sort((one, other) => Number(other.startTime) - Number(one.startTime))) {
    const newer = chains.at(-1);
    if (run.status.name === 'CONTINUED_AS_NEW' && newer) chains[chains.length - 1] = { ...newer, first: run };
    else chains.push({ first: run, last: run });
  }
  return chains;
}

async function pastRun(
  client: Client,
  environment: string,
  { first, last }: Chain,
  evidence: string,
): Promise<PastRun> {
  const { workflowId, runId, status, memo, closeTime } = last;
  const open = status.name === 'RUNNING' || status.name === 'PAUSED';
  const remembered = readRemembered(memo);
  const [input, end] = await Promise.all([
    readInput(client, workflowId, first.runId).catch(() => undefined),
    open ? undefined : endOf(client, workflowId, runId),
  ]);
  const result = end?.result;
  const unexplained = open || result !== undefined ? undefined : await readRecent(client, workflowId, runId);
  const failure = unexplained?.failure?.why ?? end?.failure;
  const cause = result ? causeOf(result) : failure;
  const dryRun = readWorkflowId(workflowId)?.dryRun ?? false;
  const run = {
    workflowId,
    runId,
    dryRun,
    rollback: input?.rollback !== undefined,
    open,
    release: result?.release ?? remembered?.release ?? input?.release,
    previousRelease: result?.previousRelease ?? remembered?.previousRelease ?? input?.previousRelease,
    decisionOwner: remembered?.decisionOwner ?? input?.decisionOwner,
    startedAt: first.startTime.toISOString(),
    endedAt: closeTime?.toISOString(),
    outcome: open ? (remembered?.phase ?? 'not begun') : (result?.outcome ?? endedAs(remembered?.outcome, status.name)),
    cause: [input?.rollback && rollbackText(input.rollback), cause].filter(Boolean).join('; ') || undefined,
  };
  const moments = await momentsFrom(evidence, { first, last }, result, run.endedAt);
  const life = { ...moments, ...run, id: first.runId, environment };
  const { liveAt, failingSince, restoredAt } = moments;
  return { ...run, liveAt, failingSince, restoredAt, events: dryRun ? [] : cdevents(life) };
}

/** From its evidence, where that is here, else from what the server remembers. */
async function momentsFrom(
  evidence: string,
  { first, last }: Chain,
  result: GoLiveResult | undefined,
  endedAt: string | undefined,
) {
  const runIds = [...new Set([first.runId, last.runId])];
  const decided = await Promise.all(
    runIds.map((runId) => decidedIn(placeOf(evidence, { workflowId: first.workflowId, runId })).catch(() => [])),
  );
  const known = momentsOfResult(result, endedAt);
  const { failingSince, ...better } = momentsOf(decided.flat());
  // A stop before anything was deployed is no failure of a change.
  return { ...known, ...better, ...(known.failingSince && failingSince ? { failingSince } : {}) };
}

const rollbackText = ({ reason, by }: { readonly reason: string; readonly by?: string | undefined }): string =>
  `taken back: ${reason}${by === undefined ? '' : ` (${by})`}`;

function causeOf({ stop, supersededBy: next }: GoLiveResult): string | undefined {
  if (stop) return causeText(stop);
  return next && `superseded by ${next.release}: ${next.reason} (${next.by})`;
}

import { oneLine } from '../text/one-line.js';
import { readWorkflowId, WORKFLOW_TYPE, workflowIdOf } from './workflow-id.js';

/** Started by itself by `golive logs`. It reads what the ledger keeps for people, and nothing else (SECURITY.md). */
const FOR_EVERYBODY: ReadonlySet<string> = new Set(['readOutput']);

/** What Temporal says of an activity that is to be done. */
export interface AskedFor {
  readonly activityType: string;
  /** Absent when it was started by itself. */
  readonly workflowExecution?: { readonly workflowId: string };
  readonly workflowType?: string;
}

/**
 * Why nothing is done for whoever asks for an activity; undefined for a go-live that asks about itself (promise 5). `temporal activity start` and a workflow
 * of somebody else can put any activity on golive's queues.
 * @param input its first argument, of which nothing is known
 */
export function refusalOf(
  { activityType: type, workflowExecution, workflowType }: AskedFor,
  input: unknown,
): string | undefined {
  if (FOR_EVERYBODY.has(type)) return undefined;
  if (!workflowExecution)
    return `The activity ${type} is done only for a go-live: an activity started by itself is refused. Start a go-live with "golive start".`;
  const { workflowId } = workflowExecution;
  const asker = `${oneLine(workflowId, 200)} (${oneLine(workflowType ?? 'no type', 200)})`;
  if (workflowType !== WORKFLOW_TYPE || readWorkflowId(workflowId) === undefined)
    return `The activity ${type} is done only for a ${WORKFLOW_TYPE} workflow whose ID is go-live-<environment>: ${asker} is refused.`;
  return isAboutAnother(input, workflowId)
    ? `The activity ${type} is done for a go-live only about itself: ${asker} asks about another one and is refused.`
    : undefined;
}

/** Whether an input, or the post in it, names another go-live or its environment. */
function isAboutAnother(input: unknown, workflowId: string): boolean {
  const { post } = (input ?? {}) as { post?: unknown };
  return [input, post].some((each) => {
    const said = (each ?? {}) as { workflowId?: unknown; environment?: unknown };
    return (
      (said.workflowId !== undefined && said.workflowId !== workflowId) ||
      (said.environment !== undefined && !idsOf(said.environment).includes(workflowId))
    );
  });
}

const idsOf = (environment: unknown): string[] =>
  typeof environment === 'string' ? [false, true].map((dryRun) => workflowIdOf({ environment, dryRun })) : [];

/** The type of golive's workflow. */
export const WORKFLOW_TYPE = 'controlledGoLive';

/** What the workflow ID of a go-live or a rehearsal says; undefined for one of somebody else. */
export function readWorkflowId(workflowId: string): { environment: string; dryRun: boolean } | undefined {
  const [, environment, dryRun] = /^go-live-(.+?)(-dry-run)?$/.exec(workflowId) ?? [];
  return environment === undefined ? undefined : { environment, dryRun: dryRun !== undefined };
}

/** The environment of a go-live or a rehearsal, by its workflow ID. */
export const environmentOf = (workflowId: string): string => readWorkflowId(workflowId)?.environment ?? workflowId;

/** What a subcommand of `golive` is given to mean it: `prod`, or `prod --dry-run` for a rehearsal. */
export const typedFor = (workflowId: string): string =>
  `${environmentOf(workflowId)}${readWorkflowId(workflowId)?.dryRun ? ' --dry-run' : ''}`;

export const workflowIdOf = (input: { environment: string; dryRun?: boolean | undefined }) =>
  `go-live-${input.environment}${input.dryRun ? '-dry-run' : ''}`;

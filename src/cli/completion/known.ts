import type { Client } from '@temporalio/client';
import { readWorkflowId, workflowIdOf, WORKFLOW_TYPE } from '../../domain/run/workflow-id.js';
import { readPlaybookFile } from '../../plans/playbook-file.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { recordedCommands } from '../../temporal/recorded-commands.js';
import { statusQuery } from '../../workflows/people/messages.js';
import { commandName } from '../run/run-commands.js';
import { findRun } from '../run/look-at-run.js';
import { withClient } from '../server/find-server.js';
import type { Candidate, Known, Wanted } from './wanted.js';

/** A candidate becomes part of a command line: what a shell would read otherwise isn't offered. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

interface Defaults {
  readonly home: string;
  readonly playbook: string;
}

/** What may be meant, asked of the playbook file and the server; each that can't be asked knows nothing. */
export async function knownCandidates(
  { known, environment, options }: Wanted,
  defaults: Defaults,
  found: (candidates: readonly Candidate[]) => void,
): Promise<void> {
  if (known === undefined) return;
  const said = { ...defaults, ...options };
  const tell = (words: readonly string[]) =>
    found([...new Set(words)].filter((word) => HARMLESS.test(word)).map((text) => ({ text })));
  const ofServer = async () => tell(await withClient(said, (client) => ask(client, known, environment, options)));
  const ofFile = async () => tell(Object.keys((await readPlaybookFile(said.playbook)).environments));
  await Promise.allSettled([ofServer(), ...(known === 'environments' ? [ofFile()] : [])]);
}

async function ask(
  client: Client,
  known: Known,
  environment: string | undefined,
  { hold }: Wanted['options'],
): Promise<readonly string[]> {
  if (known === 'environments') {
    const query = `WorkflowType = '${WORKFLOW_TYPE}' AND ExecutionStatus = 'Running'`;
    const names: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query }))
      names.push(readWorkflowId(workflowId)?.environment ?? '');
    return names;
  }
  if (environment === undefined) return [];
  const run = await findRun(client, workflowIdOf({ environment }));
  if (!run) return [];
  const { holds = [], externalTriggers = [] } = readRemembered(run.memo) ?? {};
  switch (known) {
    case 'holds':
      return holds.map(({ id }) => id);
    case 'choices':
      return holds.filter(({ id }) => hold === undefined || id === hold).flatMap(({ choices = [] }) => choices);
    case 'triggers':
      return externalTriggers;
    case 'steps': {
      const handle = client.workflow.getHandle(run.workflowId, run.runId);
      const commands = await handle.query(statusQuery).then(
        (status) => status.commands,
        () => recordedCommands(client, run.workflowId, run.runId),
      );
      return commands.flatMap((command) => [command.step, ...(command.generation > 1 ? [commandName(command)] : [])]);
    }
  }
}

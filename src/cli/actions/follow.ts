import type { Client } from '@temporalio/client';
import { typedFor, workflowIdOf } from '../../domain/run/workflow-id.js';
import type { TimelineEntry } from '../../domain/run/status.js';
import { iso } from '../../domain/time/iso.js';
import { timelineQuery } from '../../workflows/people/messages.js';
import type { ExitCode } from '../exit/exit-codes.js';
import { onInterrupt } from '../exit/interrupt.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { awaitRun } from '../run/await-run.js';
import { followRun } from '../run/follow-run.js';
import { followed } from '../run/followed.js';
import { ANSWER_MS } from '../run/look-at-run.js';
import { tellEnding } from '../screens/tell-ending.js';
import { withClient } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';

interface FollowOptions extends EnvironmentOptions {
  readonly dryRun?: boolean;
}

export async function follow(environment: string, options: FollowOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  const what = options.dryRun ? 'rehearsal' : 'go-live';
  return await withClient(options, async (client, server) => {
    const restore = onInterrupt(() =>
      terminal.note(
        `Not following any longer; the ${what} itself goes on. Follow it again: golive follow ${environment}`,
      ),
    );
    try {
      let over: string | undefined;
      let waited = false;
      const run = await awaitRun(
        client,
        workflowId,
        server,
        () => {
          waited = true;
          terminal.note(`Waiting for a ${what} of ${environment} to start: none is open.`);
        },
        // One that has ended before isn't meant; one that starts and ends between two looks is.
        ({ runId, status }) => status.name === 'RUNNING' || (over ??= runId) !== runId,
      );
      const before = `What was before: golive status ${typedFor(workflowId)} --timeline`;
      terminal.note(`${await followed(client, server, run)} ${before}`);
      const seen = waited ? [] : await happened(client, workflowId);
      const follower = { progress: terminal.print, remark: terminal.note };
      const ending = await followRun(client, workflowId, run.runId, follower, seen);
      return tellEnding(ending, { environment, workflowId, runId: run.runId }, terminal);
    } finally {
      restore();
    }
  });
}

/** What has happened until now; where no worker answers, all until this moment. */
async function happened(client: Client, workflowId: string): Promise<readonly TimelineEntry[]> {
  const now = iso(Date.now());
  const handle = client.workflow.getHandle(workflowId);
  return await client
    .withDeadline(Date.now() + ANSWER_MS, () => handle.query(timelineQuery))
    .catch(() => [{ at: now, what: '' }]);
}

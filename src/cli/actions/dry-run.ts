import { beginRun, missingWorker } from '../run/begin-run.js';
import { inputOf } from '../options/start-input.js';
import type { StartOptions } from '../options/start-options.js';
import type { ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { followRun } from '../run/follow-run.js';
import { onInterrupt } from '../exit/interrupt.js';
import { requireEnvironment } from '../options/known-environments.js';

import { tellEnding } from '../screens/tell-ending.js';
import { openTerminal } from '../terminal/terminal.js';

export async function dryRun(environment: string, options: StartOptions): Promise<ExitCode> {
  const input = inputOf(environment, options, { dryRun: true });
  const terminal = openTerminal(options.json === true);
  return await withClient(
    options,
    async (client, server) => {
      await requireEnvironment(environment, server, options.playbook);
      const begun = await beginRun(client, input, options.queue, server);
      const missing = await missingWorker(client, options.queue, server);
      if (missing !== undefined) terminal.note(missing);
      const restore = onInterrupt(() =>
        terminal.note(
          `Not waiting any longer; the rehearsal goes on. See it: golive status ${environment} --dry-run. Stop it: golive abort ${environment} --dry-run.`,
        ),
      );
      // The table says it all; what leads to it is left out.
      const ending = await followRun(client, begun.workflowId, begun.runId, {
        progress: () => {},
        remark: terminal.note,
      }).finally(restore);
      return tellEnding(ending, { ...begun, input }, terminal);
    },
    { begins: true },
  );
}

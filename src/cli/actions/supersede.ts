import { setTimeout as sleep } from 'node:timers/promises';
import type { SaidBy } from '../../domain/people/said-by.js';
import { shellWord } from '../../domain/text/shell-word.js';
import { supersedeUpdate } from '../../workflows/people/messages.js';
import type { OpenGoLive } from '../messages/update-open.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { describeRun } from '../run/look-at-run.js';
import { oneLine } from '../terminal/terminal-text.js';

interface SupersedeOptions extends EnvironmentOptions, SaidBy {
  readonly release: string;
}

/** A run that ends gives its last announcements ten seconds. */
const END_MS = 15_000;
const LOOK_EVERY_MS = 150;

export async function supersede(goLive: OpenGoLive, { release, by, reason }: SupersedeOptions): Promise<object> {
  const { environment, status, terminal, send } = goLive;
  const answer = await send(supersedeUpdate, { release, by, reason });
  terminal.print(`Superseded: ${oneLine(answer)}.`);
  const over = await ended(goLive);
  const next = `golive start ${environment} --release ${shellWord(release)} --previous ${shellWord(status.release)} --owner ${shellWord(status.decisionOwner)}`;
  terminal.print(
    over
      ? `Start it: ${next}`
      : `It is still announcing its end. When golive status ${environment} says that it has ended, start the hotfix: ${next}`,
  );
  return { superseded: status.release, by, reason, release, ended: over, next };
}

/** Waits for the end of that run, for a start before it would be refused. */
async function ended({ client, workflowId, runId, server }: OpenGoLive): Promise<boolean> {
  for (const until = Date.now() + END_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    const run = await describeRun(client, workflowId, server);
    if (run.runId !== runId || run.status.name !== 'RUNNING') return true;
  }
  return false;
}

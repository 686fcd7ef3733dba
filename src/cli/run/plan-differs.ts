import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { shellWord } from '../../domain/text/shell-word.js';
import { currentPlan } from '../../plans/plan-store.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { knownEnvironments } from '../options/known-environments.js';
import { defaultPlaybook } from '../options/shared-options.js';
import type { FoundServer } from '../server/found-server.js';
import { findRun } from './look-at-run.js';

/**
 * A remark, with the command that shows what, when a start now is frozen to another plan than the environment's last go-live was; undefined when it is the same one, or when either isn't
 * known here. Asked before the start, after which it is itself the last one. Never throws: nothing depends on it.
 * @param named the playbook file that was named
 */
export async function planDiffers(
  client: Client,
  environment: string,
  server: FoundServer,
  named?: string,
): Promise<string | undefined> {
  try {
    const known = await knownEnvironments(server, named);
    const before = readRemembered((await findRun(client, workflowIdOf({ environment })))?.memo)?.planHash;
    if (!known || before === undefined || !/^sha256:[0-9a-f]{64}$/.test(before)) return undefined;
    if ((await currentPlan(known.file, environment)).hash === before) return undefined;
    const short = before.replace('sha256:', '').slice(0, 12);
    // A file that was named comes along with every command; the one of the worker here doesn't.
    const file =
      named === undefined && resolve(known.file) !== resolve(defaultPlaybook())
        ? ` --playbook ${shellWord(known.file)}`
        : '';
    return `The plan differs from that of the last go-live (${short}). What differs: golive plan ${environment} --diff ${short}${file}`;
  } catch {
    return undefined;
  }
}

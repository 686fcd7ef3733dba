import { resolve } from 'node:path';
import { environmentOf, workflowIdOf } from '../../domain/run/workflow-id.js';
import { didYouMean } from '../../domain/text/did-you-mean.js';
import { namesIn } from '../../durable-file.js';
import { homeAt } from '../../home.js';
import { goLivesIn, type KeptGoLive } from '../../journals/go-lives.js';
import { readGoLive, type GoLiveEvidence } from '../../journals/read-evidence.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { oneLine } from '../terminal/terminal-text.js';

/** Which go-live is meant, and where its evidence lies. */
export interface WhichKept {
  readonly home: string;
  /** Folders to read instead of that of the home, such as those of several hosts. */
  readonly evidence?: readonly string[];
  readonly dryRun?: boolean;
  /** `1` is the newest, `2` the one before; or a run ID, or its beginning. */
  readonly run?: string;
}

/** The same, or all of them. */
export interface KeptOptions extends WhichKept {
  readonly all?: boolean;
}

const NEWEST = '1';

/** Those that are wanted, the oldest first, one after the other: of years of them not all are in memory at once. */
export async function* keptGoLives(
  environment: string,
  { all = false, ...which }: KeptOptions,
): AsyncGenerator<GoLiveEvidence> {
  if (all && which.run !== undefined) throw new CliError(EXIT.usage, 'Say --run or --all, not both.');
  if (!all) yield await keptGoLive(environment, which);
  else for (const each of (await allKept(environment, which)).reverse()) yield await read(each);
}

/** All go-lives of an environment that are kept here, the newest first. Throws a {@link CliError} that says what is kept instead when there is none. */
async function allKept(environment: string, which: WhichKept): Promise<KeptGoLive[]> {
  const folders = [...new Set((which.evidence ?? [homeAt(which.home).evidence]).map((each) => resolve(each)))];
  const workflowId = workflowIdOf({ environment, dryRun: which.dryRun });
  const kept = (await goLivesIn(folders, workflowId).catch(unreadable)).reverse();
  if (kept.length > 0) return kept;
  const names = (await Promise.all(folders.map((each) => namesIn(each)))).flat();
  const known = [...new Set(names.filter((each) => each.startsWith('go-live-')).map(environmentOf))];
  throw new CliError(
    EXIT.noGoLive,
    `There is no evidence of ${workflowId} in ${folders.join(' or ')}.${known.length === 0 ? ' None is kept there.' : known.includes(environment) ? '' : oneLine(didYouMean(environment, known)).replace(/^/, ' ')} The workers of a go-live keep it, each in its home: name that with --home, or its folder with --evidence.`,
  );
}

const read = (kept: KeptGoLive): Promise<GoLiveEvidence> => readGoLive(kept).catch(unreadable);

function unreadable(error: unknown): never {
  throw new CliError(
    EXIT.failed,
    `The evidence can't be read: ${oneLine((error as Error).message)}. Run golive as a user who may.`,
    {
      cause: error,
    },
  );
}

/** The go-live that `--run` names, else the newest. Throws a {@link CliError} with those there are. */
export async function keptGoLive(environment: string, which: WhichKept): Promise<GoLiveEvidence> {
  const kept = await allKept(environment, which);
  const { run = NEWEST } = which;
  const found = /^\d{1,4}$/.test(run)
    ? kept[Number(run) - 1]
    : kept.find((each) => run.length >= 4 && each.runs.some(({ runId }) => runId.startsWith(run)));
  if (found) return await read(found);
  const there = kept.map((each, index) => `${index + 1}: ${each.firstRunId}, began ${each.beganAt}`);
  throw new CliError(
    EXIT.noGoLive,
    `There is no run "${oneLine(run)}" of ${environment} here. Kept here, the newest first: ${oneLine(there.slice(0, 10).join('; '))}.`,
  );
}

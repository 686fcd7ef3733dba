import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CommandReport } from '../../domain/commands/command.js';
import { systemErrorCode } from '../../durable-file.js';
import type { SeenEvidence } from '../../journals/evidence.js';
import type { OfRun } from '../../journals/place.js';
import type { CommandView } from '../../ledger/ledger.js';
import { makeDirectory } from '../../make-directory.js';

/** Where a command's output lies in the evidence's folder. */
const OUTPUT = 'commands';

/** Puts on record how a command ended, with all that the ledger has of its output. Never rejects: no run waits for its evidence. */
export async function keepCommand(
  evidence: SeenEvidence,
  run: OfRun,
  {
    step,
    generation,
    end,
    startedAt,
    endedAt,
  }: Pick<CommandReport, 'step' | 'generation' | 'end' | 'startedAt' | 'endedAt'>,
  { spec, directory }: Pick<CommandView, 'spec' | 'directory'>,
  log: Logger,
): Promise<void> {
  if (end.kind === 'busy') return; // another command's, which tells of itself
  const output = await Promise.all(
    ['stdout', 'stderr'].map((stream) =>
      kept(join(directory, `${stream}.log`), evidence.folderOf(run), `${OUTPUT}/${step}.${generation}.${stream}.log`),
    ),
  ).catch((error: unknown) => {
    log.error({ err: error, ...run, step }, 'what a command printed can’t be kept as evidence; the ledger has it');
    return [];
  });
  evidence.see(run, {
    kind: 'command',
    step,
    generation,
    argv: spec?.argv ?? [],
    directory: spec?.workingDirectory ?? '',
    end,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    output: output.flatMap((each) => each ?? []),
  });
}

/** Undefined where there is none. */
async function kept(from: string, folder: string, file: string) {
  try {
    await makeDirectory(join(folder, OUTPUT), 0o700);
    await copyFile(from, join(folder, file));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = await readFile(join(folder, file));
  return { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

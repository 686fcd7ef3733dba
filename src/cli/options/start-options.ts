import { InvalidArgumentError, type Command } from 'commander';
import type { Attestations } from '../../domain/run/input.js';
import { TASK_QUEUE } from '../../domain/run/task-queues.js';
import { attestationOption, ATTESTATION_KEYS } from './attestations.js';
import { environmentArgument } from './environment-argument.js';
import { fillIn, withOwner } from './said-by.js';
import { readStartAt } from './start-at.js';
import { withJson, withServer, type OutputOptions, type ServerOptions } from './shared-options.js';

export interface StartOptions extends ServerOptions, OutputOptions {
  readonly release: string;
  readonly previous: string;
  readonly owner: string;
  readonly plan?: string;
  readonly attest?: Attestations;
  readonly queue: string;
  readonly playbook?: string;
  readonly at?: string;
  readonly overrideFreeze?: readonly string[];
  readonly freezeReason?: string;
}

/** The options that a go-live and its rehearsal are started with. */
export function withStart(command: Command): Command {
  return withRelease(
    command,
    'the release that goes live',
    'the release that is live now and a rollback goes back to',
  ).option(
    '--attest <key=text>',
    `vouches for a preflight item; may be repeated. Keys: ${ATTESTATION_KEYS.join(', ')}`,
    attestationOption,
  );
}

/** The options that every run is started with. */
export function withRelease(command: Command, release: string, previous: string): Command {
  return withJson(
    withServer(
      withOwner(command)
        .argument('<environment>', 'the environment, such as prod', environmentArgument)
        .requiredOption('--release <tag>', release)
        .requiredOption('--previous <tag>', previous)
        .option('--plan <hash>', 'the plan you agree to, as "golive plan" prints its hash; another one is refused')
        .option('--queue <name>', "the worker's task queue", TASK_QUEUE)
        .option(
          '--playbook <file>',
          'a playbook file that has to have the environment; the workers read their own (GOLIVE_PLAYBOOK, or the one of the worker of this home)',
        ),
    ),
  );
}

/** The options that say when a go-live begins. */
export function withBeginning(command: Command): Command {
  return command
    .option(
      '--at <time>',
      'begins later: 2026-05-02T22:30:00+02:00, 22:30 (today or tomorrow, here) or +2h; the environment is reserved from now on',
      startAtOption,
    )
    .option(
      '--override-freeze <name>',
      'begins in spite of this freeze window; may be repeated',
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option('--freeze-reason <text>', 'why; it is recorded and announced. Asked for when left out')
    .hook('preAction', (self) =>
      self.opts()['overrideFreeze'] === undefined
        ? undefined
        : fillIn(self, 'freezeReason', 'Why is the freeze window overridden?'),
    );
}

function startAtOption(text: string): string {
  try {
    return readStartAt(text, Date.now());
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

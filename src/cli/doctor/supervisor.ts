import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ledger } from '../../ledger/ledger.js';
import { sendSignal } from '../../ledger/process-identity.js';
import { found, type Diagnosis } from './diagnosis.js';
import { SCRATCH_COMMAND } from './scratch-command.js';

const SCRATCH_WORKER = fileURLToPath(new URL('scratch-worker.js', import.meta.url));
const LOOK_EVERY_MS = 50;

/**
 * Whether a command outlives its worker on this host. In a scratch folder a stand-in for a worker runs a command of a second through a ledger of its own; its whole process group is
 * killed while it runs, and the command has to come to its end all the same.
 */
export async function lookAtSupervisor(signal: AbortSignal): Promise<Diagnosis[]> {
  const folder = await mkdtemp(join(tmpdir(), 'golive-doctor-'));
  try {
    const ledger = await Ledger.open(folder);
    await ledger.authorise([SCRATCH_COMMAND]);
    const worker = spawn(process.execPath, [SCRATCH_WORKER, folder], { detached: true, stdio: 'ignore' });
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()).once('error', () => resolve()));
    try {
      await until(ledger, (state) => state === 'running' || state === 'finished', signal);
    } finally {
      if (worker.pid !== undefined && worker.exitCode === null) sendSignal(-worker.pid, 'SIGKILL');
      await gone;
    }
    const { observation } = await until(ledger, (state) => state === 'finished' || state === 'unknown', signal);
    const survived = observation.state === 'finished' && observation.outcome.kind === 'exited';
    return [
      found(
        'supervisor',
        'survives its worker',
        survived ? 'ok' : 'bad',
        survived
          ? 'a command came to its end although the process group that started it was killed'
          : 'a command was lost with the process group that started it',
        {
          cure: 'Look what cleans up after processes here: docs/production.md, "What kills commands with their worker".',
        },
      ),
    ];
  } finally {
    await ledgerGone(folder);
  }
}

async function until(ledger: Ledger, wanted: (state: string) => boolean, signal: AbortSignal) {
  for (;;) {
    const view = await ledger.read(SCRATCH_COMMAND);
    if (wanted(view.observation.state)) return view;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The supervisor may still write its last file. */
const ledgerGone = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });

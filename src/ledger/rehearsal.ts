import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandDirectory } from './command-directory.js';
import type { SupervisorOrder } from './supervisor-order.js';

/**
 * Lets a supervisor that waits ready run a command that does nothing, in a ledger that is thrown away: the first time through, Node loads and compiles what
 * the real command would wait for. It is no loss when it fails, for want of room perhaps: the command is slower then.
 */
export async function rehearse(supervise: (order: SupervisorOrder) => Promise<unknown>): Promise<void> {
  try {
    const root = await mkdtemp(join(tmpdir(), 'golive-rehearsal-'));
    try {
      const [hostId, command] = ['rehearsal', 'rehearsal/rehearsal/rehearsal.1'];
      const directory = new CommandDirectory(root, command);
      await directory.create();
      await directory.reserveRoom();
      const [workflowId, firstExecutionRunId, step] = ['rehearsal', 'rehearsal', 'rehearsal'];
      const key = { workflowId, firstExecutionRunId, step, generation: 1 };
      await directory.record('authorised', { key, meta: {}, hostId, at: new Date().toISOString() });
      const spec = {
        environment: 'rehearsal',
        argv: ['/bin/sh', '-c', ':'],
        workingDirectory: root,
        env: {},
        secrets: [],
      };
      await supervise({ root, hostId, command, spec: { ...spec, deadlineMs: 5_000, stopGraceMs: 0 } });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  } catch {
    // See above.
  }
}

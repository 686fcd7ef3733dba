import type { CommandProgress } from '../../domain/commands/command.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { Remembered } from '../../domain/run/remembered.js';
import type { RunFault } from '../../domain/run/run-fault.js';
import type { GoLiveResult, GoLiveStatus, TimelineEntry } from '../../domain/run/status.js';
import type { QueueBuilds } from '../../temporal/queue-builds.js';
import type { RunBuild } from '../../temporal/run-build.js';

/** What is known of a go-live from outside, with or without a worker that answers. Times are ISO. This is what `golive status --json` prints. */
export interface RunView {
  readonly environment: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The run ID of the first run of its chain: the ledger keeps its commands under it. */
  readonly firstRunId?: string;
  /** `host:port` of the Temporal server it was read from. */
  readonly server: string;
  /** The run's page in the UI, when the UI's address is known. */
  readonly ui?: string;
  readonly running: boolean;
  /** The server's word for how it is: RUNNING, COMPLETED, FAILED, TERMINATED, CANCELED, TIMED_OUT. */
  readonly state: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** When it begins by itself; missing once it has begun. Until then nobody answers for it. */
  readonly beginsAt?: string;
  /** The workflow's own answer; missing when no worker gave one. */
  readonly status?: GoLiveStatus;
  /** Why there is no answer. */
  readonly silence?: string;
  readonly timeline?: readonly TimelineEntry[];
  readonly result?: GoLiveResult;
  /** Why it ended without a result. */
  readonly failure?: string;
  /** What the run last left with the server for such an hour, and what it was started with; without an answer, and for `--json`. */
  readonly remembered?: Remembered;
  readonly input?: Partial<GoLiveInput>;
  /** What the server waits for. */
  readonly pending: readonly PendingWork[];
  /** Who asks for work on the task queues of this run: its own, those that something waits on, and, without an answer and for `--json`, those of its recent history. */
  readonly queues: readonly Queue[];
  /** On which build of golive it is, and whether a worker takes it from here; missing in what an older golive printed. */
  readonly build?: RunBuild;
  /** What the run can't say itself any more. */
  readonly fault?: RunFault;
  /** Why the workflow's own code fails again and again, if it does. */
  readonly taskFailure?: string;
}

/** An activity that has not ended yet. */
export interface PendingWork {
  readonly activity: string;
  /** The task queue it waits on, when recent history names it. */
  readonly queue?: string;
  readonly state: 'waiting for a worker' | 'running' | 'being cancelled';
  readonly attempt: number;
  readonly since?: string;
  readonly lastHeartbeat?: string;
  readonly worker?: string;
  readonly lastFailure?: string;
  /** Of a command: what it has printed last. */
  readonly progress?: CommandProgress;
}

export type Queue = QueueBuilds;

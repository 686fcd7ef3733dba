import type { Criterion } from '../../hypercare/exit-criteria.js';
import type { RestoreStatus } from '../../rollback/restore-status.js';
import type { Finding, Outcome, Phase, Stop, Superseded, TimelineEntry } from '../../run/status.js';
import type { Fault } from './kept.js';
import type { ReportedCommand } from './reported-commands.js';
import type { Measure } from './measures.js';
import type { Firing, Hold, Clock, Span, Blind } from './stretches.js';
import type { Cause } from './cause.js';
import type { Window } from './windows.js';

/** What people were told. */
export interface ReportedMessage {
  readonly at: string;
  readonly as: 'message' | 'page';
  readonly event: string;
  readonly text: string;
}

/** Who wrote the evidence: one process of a worker. */
export interface Writer {
  readonly runId: string;
  readonly host: string;
  readonly pid: number;
  readonly golive: string;
  readonly build: string;
  readonly node: string;
}

/** All that a report says of one go-live, as plain data: what `golive report --json` prints. Moments are ISO in UTC, values in the unit of their check. */
export interface Report {
  readonly schema: 1;
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly runIds: readonly string[];
  readonly environment: string;
  readonly service?: string;
  readonly release: string;
  readonly previousRelease: string;
  readonly decisionOwner?: string;
  readonly dryRun: boolean;
  /** It takes back a release whose go-live had ended. */
  readonly takesBack: boolean;
  readonly planHash?: string;
  /** How it ended; none while it goes on, or when its end is not on record. */
  readonly outcome?: Outcome;
  readonly summary?: string;
  /** Where it stood last. */
  readonly phase: Phase;
  readonly cause?: Cause;
  readonly stop?: Stop;
  readonly supersededBy?: Superseded;
  readonly beganAt: string;
  readonly endedAt?: string;
  /** The newest record. */
  readonly asOf: string;
  readonly lastedMs: number;
  /** What is wrong with the evidence. `cut` is what a writer leaves that died, or writes still: nothing but its last moments can be missing. */
  readonly faults: readonly Fault[];
  readonly windows: readonly Window[];
  readonly phases: readonly Span[];
  readonly holds: readonly Hold[];
  readonly clocks: readonly Clock[];
  readonly blind: readonly Blind[];
  readonly firings: readonly Firing[];
  /** How often advisory triggers (`action: note`) would have fired. */
  readonly advisory: number;
  readonly measures: readonly Measure[];
  readonly commands: readonly ReportedCommand[];
  /** How many verdicts there are of each rule. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** What people and other programs have told the run, and what was refused. */
  readonly told: readonly (TimelineEntry & { readonly refused?: string })[];
  readonly messages: readonly ReportedMessage[];
  /** Posts that have not arrived, or may not have. */
  readonly undelivered: readonly TimelineEntry[];
  readonly preflight: readonly Finding[];
  readonly verification: readonly Finding[];
  readonly proof: readonly Finding[];
  readonly criteria: readonly Criterion[];
  readonly restore?: RestoreStatus;
  readonly timeline: readonly TimelineEntry[];
  readonly writers: readonly Writer[];
}

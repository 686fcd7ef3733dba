import type { MessageEvent } from '../plan/playbook.js';
import type { Plan } from '../plan/plan.js';
import type { CommandEnd } from '../commands/command.js';
import type { Course } from '../run/course.js';
import type { GoLiveResult, GoLiveStatus, StageStatus, Stop } from '../run/status.js';
import type { Reading } from '../watching/reading.js';
import type { Segment } from '../watching/segment.js';
import type { Rule } from './rules.js';

/** The version of the schema of these records (docs/evidence.md). Records may gain kinds and optional parts; what is there keeps its meaning. */
export const SCHEMA = 1;

/** What was refused, and why. What a validator refuses is in no history: the worker that did so tells it, once. */
export interface Refused {
  readonly kind: 'refused';
  readonly name: string;
  readonly payload?: unknown;
  readonly why: string;
}

/** What a run has decided, in the order in which it did. Made by the workflow, so it is the same on every host that carries the run on. */
export type Decided =
  /** The first of each run. `continuedFrom`: the run that it goes on from. */
  | { readonly kind: 'run'; readonly input: unknown; readonly firstRunId: string; readonly continuedFrom?: string }
  | { readonly kind: 'plan'; readonly hash: string; readonly plan: Plan }
  /** A line of the timeline. */
  | { readonly kind: 'line'; readonly what: string }
  | { readonly kind: 'course'; readonly course: Course }
  | { readonly kind: 'stage'; readonly stage: StageStatus }
  | { readonly kind: 'stop'; readonly stop: Stop }
  /** A rule has decided: `rule(inputs)` is `outcome`. */
  | { readonly kind: 'verdict'; readonly rule: Rule; readonly inputs: unknown; readonly outcome: unknown }
  | { readonly kind: 'hold'; readonly id: string; readonly state: 'open'; readonly reason: string }
  | {
      readonly kind: 'hold';
      readonly id: string;
      readonly state: 'answered' | 'closed';
      readonly choice?: string;
      readonly by?: string;
      readonly reason?: string;
    }
  /** What somebody has told the run: a signal, or an update that was taken. Claims, not identities. */
  | { readonly kind: 'told'; readonly how: 'signal' | 'update'; readonly name: string; readonly payload: unknown }
  | Refused
  | {
      readonly kind: 'blind';
      readonly check: string;
      readonly target: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'message'; readonly as: 'message' | 'page'; readonly event: MessageEvent; readonly text: string }
  /** What became of a post to a channel. */
  | {
      readonly kind: 'post';
      readonly id: string;
      readonly channel: string;
      readonly event: MessageEvent;
      readonly fate: 'sent' | 'maybe sent' | 'not sent';
      readonly why?: string;
    }
  /** The last one: how it ended, and everything as it stood then. */
  | { readonly kind: 'end'; readonly result: GoLiveResult; readonly status: GoLiveStatus };

/** What the workers of one host have seen and done. `ms` are milliseconds of a monotonic clock, the same within one segment. */
export type Seen =
  /** A segment of watching begins: what it was given. `id`: the activity's, with its attempt. */
  | {
      readonly kind: 'segment';
      readonly id: string;
      readonly ms: number;
      readonly lateMs: number;
      readonly coalesce: boolean;
      readonly pace?: number | undefined;
      readonly given: Partial<Segment> & Pick<Segment, 'states'>;
    }
  /** One look at a check. Of a segment, or of one of the proofs. */
  | {
      readonly kind: 'look';
      readonly of: string;
      readonly ms: number;
      readonly check: string;
      readonly target: string;
      readonly reading: Reading;
    }
  /** What a service said it is. */
  | {
      readonly kind: 'version';
      readonly of: string;
      readonly target: string;
      readonly version?: string;
      readonly text: string;
    }
  /** What a segment has told the run. */
  | { readonly kind: 'report'; readonly of: string; readonly ms: number; readonly report: Segment }
  /** A command has ended. `output`: the files of the evidence's folder that have what it printed, with known secrets taken out. */
  | {
      readonly kind: 'command';
      readonly step: string;
      readonly generation: number;
      readonly argv: readonly string[];
      readonly directory: string;
      readonly end: CommandEnd;
      readonly startedAt?: string;
      readonly endedAt?: string;
      readonly output: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
    }
  | Refused;

/** `at`: when, ISO; `n`: the place in the run's order. */
export type DecidedRecord = Decided & { readonly at: string; readonly n: number };
export type SeenRecord = Seen & { readonly at: string };

/** The first line of each journal. */
export interface JournalHeader {
  readonly kind: 'journal';
  readonly schema: number;
  readonly at: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly writer: {
    readonly host: string;
    readonly pid: number;
    readonly golive: string;
    readonly build: string;
    readonly node: string;
  };
  /** The journals that were there before, each with the SHA-256 of all its bytes. */
  readonly after: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
}

/** Seals all lines since the seal before: the SHA-256 of that seal's (of nothing, for the first) and of the lines with their ends. */
export interface Seal {
  readonly kind: 'seal';
  readonly sha256: string;
}

/** Records could not be written, such as on a full disk; how many, where that is known. */
export interface Lost {
  readonly kind: 'lost';
  readonly at: string;
  readonly records?: number;
  readonly why: string;
}

/** Every kind of line. */
export const KINDS = [
  'journal',
  'seal',
  'lost',
  'run',
  'plan',
  'line',
  'course',
  'stage',
  'stop',
  'verdict',
  'hold',
  'told',
  'refused',
  'blind',
  'message',
  'post',
  'end',
  'segment',
  'look',
  'version',
  'report',
  'command',
] as const satisfies readonly (Decided | Seen | JournalHeader | Seal | Lost)['kind'][];

/**
 * Where a run leaves its evidence, on the worker that carries it on. `decided` is called in replays too, with the same `n`: what a worker that died could
 * not write any more, the one that takes the run up does. Records are JSON: what is in them may change before the worker gets them.
 */
export interface EvidenceSinks {
  readonly evidence: {
    decided(n: number, record: string): void;
    refused(record: string): void;
  };
}

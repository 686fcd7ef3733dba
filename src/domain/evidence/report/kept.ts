import type { Plan } from '../../plan/plan.js';
import type { DecidedRecord, JournalHeader, SeenRecord } from '../record.js';

/** What is kept of one go-live, as a report needs it: `readGoLive` gives more. */
export interface Kept {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly beganAt: string;
  readonly runs: readonly {
    readonly runId: string;
    readonly journals: readonly { readonly header?: JournalHeader }[];
  }[];
  readonly decided: readonly DecidedRecord[];
  readonly seen: readonly SeenRecord[];
  readonly plan?: Plan;
  readonly planHash?: string;
  readonly faults: readonly Fault[];
}

/** What is wrong with a journal, or missing. */
export interface Fault {
  readonly kind: 'cut' | 'changed' | 'missing' | 'lost';
  readonly text: string;
}

export type Of<R extends { readonly kind: string }, K extends R['kind']> = Extract<R, { readonly kind: K }>;

/** The records of one kind, in order. */
export const decidedOf = <K extends DecidedRecord['kind']>(
  { decided }: Pick<Kept, 'decided'>,
  kind: K,
): Of<DecidedRecord, K>[] => decided.filter((each): each is Of<DecidedRecord, K> => each.kind === kind);

export const seenOf = <K extends SeenRecord['kind']>({ seen }: Pick<Kept, 'seen'>, kind: K): Of<SeenRecord, K>[] =>
  seen.filter((each): each is Of<SeenRecord, K> => each.kind === kind);

/** When the newest record was made, ISO. */
export function newestAt({ decided, seen, beganAt }: Pick<Kept, 'decided' | 'seen' | 'beganAt'>): string {
  const later = (a: string, { at }: { readonly at: string }) => (at > a ? at : a);
  return seen.reduce(later, decided.reduce(later, beganAt));
}

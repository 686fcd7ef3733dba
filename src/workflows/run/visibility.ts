import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';

/** What `golive status` can still read when no worker is there to ask. */
export function remember(state: object): void {
  upsertMemo({ goLive: state });
}

/** Sets the search attributes the namespace has; an unregistered one would wedge the run (design §4). */
export function label(registered: readonly string[], values: Readonly<Record<string, string>>): void {
  const known = Object.entries(values).filter(([name]) => registered.includes(name));
  if (known.length > 0)
    upsertSearchAttributes(known.map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value })));
}

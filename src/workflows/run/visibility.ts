import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

/** What `golive status` can still read when no worker is there to ask. */
export function remember(state: object): void {
  upsertMemo({ goLive: state });
}

/**
 * Sets the search attributes the namespace has; an unregistered one would wedge the run (design §4). What is undefined is taken away where it is set: a
 * start that copies another run in the UI brings that one's along.
 */
export function label(registered: readonly string[], values: Readonly<Record<string, string | undefined>>): void {
  const { typedSearchAttributes: set } = workflowInfo();
  const labels = Object.entries(values).flatMap(([name, value]) => {
    const key = defineSearchAttributeKey(name, 'KEYWORD');
    return registered.includes(name) && (value !== undefined || set.get(key) !== undefined)
      ? [{ key, value: value ?? null }]
      : [];
  });
  if (labels.length > 0) upsertSearchAttributes(labels);
}

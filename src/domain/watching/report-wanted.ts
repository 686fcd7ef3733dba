/**
 * Where a workflow says that it wants the report of a segment now, beside cancelling it: the server tells a worker of that with the segment's next heartbeat,
 * and a segment that runs in the worker of its workflow has no need to wait for one.
 */
export interface WatchingSinks {
  readonly watching: {
    /** @param segment its number in its run */
    reportWanted(segment: number): void;
  };
}

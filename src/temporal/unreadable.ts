/** What a workflow, an activity or a client receives in place of a payload that could not be decoded. */
export interface Unreadable {
  readonly unreadable: true;
  /** The payload's `encoding` metadata as it came, or `none`; shortened, for people to read. */
  readonly encoding: string;
  /** Why it could not be decoded, in the words of the decoder. */
  readonly reason: string;
}

/** Says whether a decoded value stands for a payload that could not be decoded. */
export function isUnreadable(value: unknown): value is Unreadable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'unreadable' in value &&
    value.unreadable === true &&
    'reason' in value
  );
}

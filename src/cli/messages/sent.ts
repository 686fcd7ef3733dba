/** What is sent, in the words of a sentence. */
export interface Sent {
  /** `decision`, `handover`. */
  readonly what: string;
  /** What one does with it: `decide`, `hand over`. */
  readonly verb: string;
  /** It answers a question that somebody else may have answered before. */
  readonly answers?: true;
}

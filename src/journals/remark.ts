/** Something about the evidence of a go-live. `differs`: decided again it is something else. `unaccounted`: it did what nothing on record accounts for. */
export interface Remark {
  readonly kind: 'changed' | 'missing' | 'differs' | 'unaccounted' | 'cut' | 'lost' | 'unknown' | 'open';
  /** When it was decided or seen, ISO, where that is known. */
  readonly at?: string;
  readonly text: string;
}

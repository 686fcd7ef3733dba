import { shortened } from './cut-text.js';

/** Text from outside as one line without control characters, at most `longest` characters of it; where it was longer it ends with `…`. */
export const oneLine = (text: string, longest = 500): string =>
  shortened(text.replace(/[\p{Cc}\s]+/gu, ' ').trim(), longest);

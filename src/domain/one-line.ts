import { cut } from './cut-text.js';

/** Text from outside as one line without control characters, at most `longest` characters of it. */
export const oneLine = (text: string, longest = 500): string => cut(text.replace(/[\p{Cc}\s]+/gu, ' ').trim(), longest);

import { InvalidArgumentError } from 'commander';

/** So many of something: a whole number from 1. */
export function countArgument(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number from 1.');
}

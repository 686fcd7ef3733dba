import { describe, expect, test } from '@jest/globals';
import { retryAfterMs } from '../../../src/domain/announcing/retry-after.js';

const NOW = Date.parse('2026-11-26T08:00:00Z');
const after = (header: string) => retryAfterMs(header, NOW);

test.each([
  ['seconds', '30', 30_000],
  ['none', '0', 0],
  ['with spaces around', ' 5 ', 5_000],
  ['with leading zeros', '007', 7_000],
  ['a part of a second', '1.5', 1_500],
  ['less than a millisecond', '0.0001', 1],
  ['for ever', '9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['a date', 'Thu, 26 Nov 2026 08:01:00 GMT', 60_000],
  ['a date that has passed', 'Thu, 26 Nov 2020 08:01:00 GMT', 0],
  ['a date of RFC 850', 'Thursday, 26-Nov-26 08:01:00 GMT', 60_000],
  ['a date of RFC 850 in another century', 'Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ["a date of C's asctime, which is UTC", 'Thu Nov 26 08:01:00 2026', 60_000],
  ["a date of C's asctime with one digit", 'Sun Nov  6 08:49:37 1994', 0],
  ['a date of ISO 8601', '2026-11-26T08:01:00Z', 60_000],
  ['a date of ISO 8601 with a zone', '2026-11-26T09:01:00.500+01:00', 60_500],
])('%s', (_, header, milliseconds) => {
  expect(after(header)).toBe(milliseconds);
});

describe('nothing is known of', () => {
  test.each([
    '',
    ' ',
    '-5',
    '+5',
    '1e3',
    '0x10',
    '5s',
    '5 seconds',
    '30, 60',
    '1.',
    '.5',
    'soon',
    'soon 1',
    'NaN',
    'Infinity',
    '٣',

    '2026-11-26',
    '2026-11-26T08:01:00',
    '26 Nov 2026 08:01:00 GMT',
    'Thu, 26 Nov 2026 08:01:00',
    'Thu, 26 Nov 2026 08:01:00 CET',
    'Thu, 26 Nov 2026 08:01:00 +0100',
    'Thu, 99 Nov 2026 08:01:00 GMT',
    'Thu, 26 Nix 2026 08:01:00 GMT',
    'Thu, 26 Nov 2026 25:01:00 GMT',
    '2026-13-26T08:01:00Z',
    `Thu, 26 Nov 2026 08:01:00 GMT${' '.repeat(50_000)}x`,
  ])('%j', (header) => {
    expect(after(header)).toBeUndefined();
  });
});

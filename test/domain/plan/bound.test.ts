import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boundOf,
  formatBound,
  formatValue,
  keeps,
  type Side,
  type Unit,
} from '../../../src/domain/plan/playbook/bound.js';
import { runs } from '../../support/property-runs.js';

/** What `below: …` is read as, or what is wrong with it. */
function read(written: string | number, unit: Unit): number | string | undefined {
  let wrong: string | undefined;
  const bound = boundOf({ below: written }, unit, (message, key) => (wrong = `${key}: ${message}`));
  return bound?.value ?? wrong;
}

describe('a limit is read', () => {
  test.each([
    ['1%', 'ratio', 0.01],
    ['99.5%', 'ratio', 0.995],
    ['100%', 'ratio', 1],
    ['5 %', 'ratio', 0.05],
    ['0.01', 'ratio', 0.01],
    [0.01, 'ratio', 0.01],
    [0, 'ratio', 0],
    ['0%', 'ratio', 0],
    ['350ms', 'ms', 350],
    ['1.5s', 'ms', 1_500],
    ['1m30s', 'ms', 90_000],
    ['0ms', 'ms', 0],
    ['5', 'number', 5],
    [5, 'number', 5],
    ['-2.5', 'number', -2.5],
    ['1e3', 'number', 1_000],
  ] as const)('%p as %s', (written, unit, value) => {
    expect(read(written, unit)).toBe(value);
  });

  const share = 'a share: write 1% or 0.01';
  const time = 'a time: write 350ms or 1.5s';
  const number = 'a number: write it without a unit';
  test.each([
    // A bare 1 could be meant as 1 %, and would be a guardrail that nothing breaks.
    [1, 'ratio', share],
    ['1', 'ratio', share],
    [5, 'ratio', share],
    ['150%', 'ratio', share],
    ['-1%', 'ratio', share],
    ['1.2.3%', 'ratio', share],
    ['.%', 'ratio', share],
    ['%', 'ratio', share],
    ['', 'ratio', share],
    ['one', 'ratio', share],
    ['350ms', 'ratio', share],
    ['350', 'ms', time],
    [350, 'ms', time],
    ['1%', 'ms', time],
    ['-5ms', 'ms', time],
    ['', 'ms', time],
    ['fast', 'ms', time],
    ['350ms!', 'ms', time],
    ['5ms', 'number', number],
    ['5%', 'number', number],
    ['', 'number', number],
    [' ', 'number', number],
    ['NaN', 'number', number],
    ['Infinity', 'number', number],
    ['many', 'number', number],
  ] as const)('%p is no %s', (written, unit, wanted) => {
    expect(read(written, unit)).toBe(`below: "${written}" is not ${wanted}`);
  });

  test('one, and not two', () => {
    const faults: string[] = [];
    expect(boundOf({}, 'ms', (message) => faults.push(message))).toBeUndefined();
    expect(boundOf({ above: '1ms', below: '2ms' }, 'ms', (message) => faults.push(message))).toBeUndefined();
    expect(faults).toEqual([
      'needs exactly one of below, atMost, above, atLeast',
      'needs exactly one of below, atMost, above, atLeast, got below and above',
    ]);
  });
});

test.each([
  ['below', [true, false, false]],
  ['atMost', [true, true, false]],
  ['above', [false, false, true]],
  ['atLeast', [false, true, true]],
] as const)('%s 5 is kept by 4.999, 5, 5.001: %p', (is, kept) => {
  expect([4.999, 5, 5.001].map((value) => keeps({ is, value: 5 }, value))).toEqual(kept);
});

describe('a value is written as people read it', () => {
  test.each([
    [0.0042, 'ratio', '0.42 %'],
    [0.07, 'ratio', '7 %'],
    [1 / 3, 'ratio', '33.3 %'],
    [0.00001234, 'ratio', '0.00123 %'],
    [1, 'ratio', '100 %'],
    [0, 'ratio', '0 %'],
    [612.4, 'ms', '612 ms'],
    [12_345.6, 'ms', '12346 ms'],
    [0.5, 'ms', '0.5 ms'],
    [-3, 'number', '-3'],
    [1_234_567, 'number', '1234567'],
    [1e300, 'number', '1e+300'],
    [Infinity, 'number', 'Infinity'],
  ] as const)('%p %s: %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test.each([
    [0.009996, 'ratio', 0.01, '0.9996 %'],
    [0.96997, 'ratio', 0.97, '96.997 %'],
    [0.99496, 'ratio', 0.995, '99.496 %'],
    [500.4, 'ms', 500, '500.4 ms'],
    [500, 'ms', 500, '500 ms'],
    [0.07, 'ratio', 0.07, '7 %'],
    [612.4, 'ms', 500, '612 ms'],
  ] as const)('%p %s beside the limit %p: %s, not the limit itself', (value, unit, limit, text) => {
    expect(formatValue(value, unit, [limit])).toBe(text);
  });

  test('and never lies on another side of its limits than it does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 3 }),
        (millionths, limits) => {
          const shown = Number(
            formatValue(
              millionths / 1_000,
              'ms',
              limits.map((limit) => limit / 1_000),
            ).replace(' ms', ''),
          );
          for (const limit of limits) expect(Math.sign(shown - limit / 1_000)).toBe(Math.sign(millionths - limit));
        },
      ),
      runs(),
    );
  });

  test.each([
    ['below', 0.01, 'ratio', '< 1 %'],
    ['atLeast', 0.9995, 'ratio', '≥ 99.95 %'],
    ['above', 1_500.5, 'ms', '> 1500.5 ms'],
    ['atMost', 0, 'number', '≤ 0'],
  ] as const)('a limit %s %p %s is written whole: %s', (is: Side, value, unit, text) => {
    expect(formatBound({ is, value }, unit)).toBe(text);
  });
});

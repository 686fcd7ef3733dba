import { expect, test } from '@jest/globals';
import { missingVariables, MissingVariable, resolve } from '../../src/plans/variables.js';

test('variables, defaults, and neither', () => {
  expect(resolve('${A}/${B:-b}', { A: 'a' })).toBe('a/b');
  expect(resolve('${A:-b}', { A: '' })).toBe('b');
  expect(() => resolve('x ${A} y', {})).toThrow(MissingVariable);
  expect(() => resolve('x ${A} y', {})).toThrow('"x ${A} y" needs the environment variable A');
});

test('a value is not read again', () => {
  expect(resolve('${A}', { A: '${B}', B: 'no' })).toBe('${B}');
});

test('what is missing is found wherever it is, once', () => {
  expect(missingVariables({ a: ['${A}', { b: '${B:-x} ${C} ${A}' }], n: 1 }, { C: 'c' })).toEqual(['A']);
});

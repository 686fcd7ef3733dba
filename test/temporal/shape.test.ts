import { expect, test } from '@jest/globals';
import { firstValue, list, number, object, oneOf, text } from '../../src/temporal/shape.js';

const hold = object({ id: text }, { reason: text, choices: list(text), kind: oneOf('soak', 'gate'), times: number });

test('what has the shape is read, and nothing else of it', () => {
  const whole = { id: 'soak-canary', reason: 'slow', choices: ['extend'], kind: 'soak', times: 2 };
  expect(hold({ ...whole, more: 1 })).toEqual(whole);
});

test('what may be missing may also be wrong: it is left out', () => {
  expect(hold({ id: 'a', reason: 1, choices: ['extend', 2], kind: 'other', times: '2' })).toEqual({ id: 'a' });
});

test.each([
  ['without a key that it needs', { reason: 'slow' }],
  ['with a wrong one', { id: 1 }],
  ['that only inherits one', Object.create({ id: 'a' })],
  ['that is a list', [{ id: 'a' }]],
  ['that is nothing', null],
  ['that is a text', 'a'],
])('a value %s has no shape of an object', (_, value: unknown) => {
  expect(hold(value)).toBeUndefined();
});

test('the first value of a payload, if it is JSON', () => {
  const payloads = (data: string) => ({ payloads: [{ data: Buffer.from(data) }] });
  expect(firstValue(payloads('{"a":1}'))).toEqual({ a: 1 });
  expect(firstValue(payloads('{'))).toBeUndefined();
  expect(firstValue({ payloads: [] })).toBeUndefined();
  expect(firstValue(null)).toBeUndefined();
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../../src/domain/text/read-json.js';
import { runs } from '../../support/property-runs.js';

test('JSON is read as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(readJson(text)).toEqual(JSON.parse(text));
    }),
    runs(),
  );
});

test.each([
  ['a key that is there twice', '{"status":"FAIL","status":"PASS"}'],
  ['far inside', '[1,{"a":[{"b":1,"b":1}]}]'],
  ['with other spaces', '{"a" : 1, "a":2}'],
  ['written in another way', '{"a":1,"\\u0061":2}'],
  ['that JavaScript treats in its own way', '{"__proto__":1,"__proto__":2}'],
])('%s is refused', (_, text) => {
  expect(() => readJson(text)).toThrow(new SyntaxError('duplicate key in an object of this JSON'));
});

test.each([
  '{"a":"b:\\"c\\":"}',
  '{"a":{"a":1},"b":[{"a":1},{"a":1}]}',
  '["a","a"]',
  '{"__proto__":1}',
  '{"":{"":1}}',
  '"a"',
  '0',
])('%s has no key twice', (text) => {
  expect(readJson(text)).toEqual(JSON.parse(text));
});

test.each(['', '{', 'NaN', '\ufeff{}', "{'a':1}"])('%j is no JSON', (text) => {
  expect(() => readJson(text)).toThrow(SyntaxError);
});

test('what lies deep in itself, or is long, is read in a moment', () => {
  readJson(JSON.stringify({ a: 'x'.repeat(10_000_000) }));
  readJson('['.repeat(500_000) + ']'.repeat(500_000));
  readJson(JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ [`"${index}"`]: '"a":' }))));
});

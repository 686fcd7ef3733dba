import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bounded, drift, merge, shapeOf, type Shape } from '../../../src/domain/contracts/shape.js';
import { runs } from '../../support/property-runs.js';

const sample = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(`test/fixtures/aris3/${name}.json`, 'utf8'));

describe('drift', () => {
  const between = (before: unknown, now: unknown) => drift(shapeOf(before), shapeOf(now));

  test.each<[string, unknown, unknown, string[]]>([
    [
      'a removed field',
      { totals: { total_units: 1, total_rfid: 1 } },
      { totals: { total_rfid: 1 } },
      ['totals.total_units is gone'],
    ],
    [
      'a retyped field',
      { totals: { total_units: 1 } },
      { totals: { total_units: '1' } },
      ['totals.total_units was number, is string'],
    ],
    [
      'a field retyped in one row',
      { rows: [{ n: 1 }] },
      { rows: [{ n: 1 }, { n: '1' }] },
      ['rows[].n was number, is string'],
    ],
    [
      'a field that no row has any more',
      { rows: [{ sku: 'a', epc: 'b' }] },
      { rows: [{ sku: 'a' }, { sku: 'b' }] },
      ['rows[].epc is gone'],
    ],
    ['an object where a list was', { rows: [1] }, { rows: { a: 1 } }, ['rows was array, is object']],
    ['another kind of answer', { rows: [] }, [], ['the answer was object, is array']],
    ['everything gone', { meta: { page: 1 } }, {}, ['meta is gone']],
    [
      'a retyped value under an ID',
      { by_store: { '8cfc8260-184d-40c1-bdbe-74dac3b32394': 0 } },
      { by_store: { 'f47defaa-ec54-4e1b-9c33-b37a4c966327': '0' } },
      ['by_store.* was number, is string'],
    ],
  ])('%s', (_, before, now, faults) => {
    expect(between(before, now)).toEqual(faults);
  });

  test.each<[string, unknown, unknown]>([
    ['a field more', { a: 1 }, { a: 1, b: 2 }],
    ['a null where a value was', { a: 1 }, { a: null }],
    ['a value where a null was', { a: null }, { a: 'x' }],
    ['no rows any more', { rows: [{ a: 1 }] }, { rows: [] }],
    ['first rows', { rows: [] }, { rows: [{ a: 1 }] }],
    ['a field that only some rows had', { rows: [{ a: 1, b: 1 }, { a: 1 }] }, { rows: [{ a: 1 }] }],
    ['a field that only some rows have now', { rows: [{ a: 1, b: 1 }] }, { rows: [{ a: 1 }, { a: 1, b: 2 }] }],
    ['one of two types a field had', { rows: [{ a: 1 }, { a: 'x' }] }, { rows: [{ a: 'x' }] }],
    ['another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    [
      'another store',
      { by_store: { '8cfc8260-184d-40c1-bdbe-74dac3b32394': 0 } },
      { by_store: { 'f47defaa-ec54-4e1b-9c33-b37a4c966327': 3 } },
    ],
    [
      'another day, state and name',
      { by: { '2026-11-23': 1, RFID: 2, 'Store A': 3 } },
      { by: { '2026-11-24': 1, PENDING: 4 } },
    ],
    ['a null in a list', { rows: [{ a: 1 }] }, { rows: [null, { a: 2 }] }],
  ])('is not %s', (_, before, now) => {
    expect(between(before, now)).toEqual([]);
  });

  test('names that every object has are names like others', () => {
    const before: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "toString": "x"}');
    expect(between(before, before)).toEqual([]);
    expect(between(before, {})).toEqual(['__proto__ is gone', 'constructor is gone', 'toString is gone']);
    expect(between({}, before)).toEqual([]);
  });

  test.each(['stock', 'reports-overview', 'exports'])(
    'the answers of a real ARIS3 (%s) have not drifted from themselves, one row of them neither',
    async (name) => {
      const answer = (await sample(name)) as { rows?: unknown[] };
      expect(between(answer, answer)).toEqual([]);
      for (const row of answer.rows ?? []) expect(between(answer, { ...answer, rows: [row] })).toEqual([]);
    },
  );
});

const json = fc.jsonValue({ maxDepth: 4 });

/** What remains of a value when some of it is left out of lists, or is null: the same shape, seen in part. */
const inPart = (value: unknown, dice: () => number): unknown => {
  if (dice() === 0) return null;
  if (Array.isArray(value)) return value.filter(() => dice() > 1).map((each: unknown) => inPart(each, dice));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inPart(each, dice)]));
};

describe('properties', () => {
  test('nothing drifts from itself', () => {
    fc.assert(
      fc.property(json, (value) => drift(shapeOf(value), shapeOf(value)).length === 0),
      runs(),
    );
  });

  test('what is merged into a baseline has not drifted from it', () => {
    fc.assert(
      fc.property(json, json, (one, other) => drift(merge(shapeOf(one), shapeOf(other)), shapeOf(one)).length === 0),
      runs(),
    );
  });

  test('merging knows no order', () => {
    fc.assert(
      fc.property(json, json, json, (a, b, c) => {
        const [x, y, z] = [shapeOf(a), shapeOf(b), shapeOf(c)];
        expect(merge(x, y)).toEqual(merge(y, x));
        expect(merge(merge(x, y), z)).toEqual(merge(x, merge(y, z)));
      }),
      runs(),
    );
  });

  test('fewer rows and more nulls are no drift, in a baseline or now', () => {
    fc.assert(
      fc.property(json, fc.infiniteStream(fc.nat(3)), (value, stream) => {
        const part = shapeOf(inPart(value, () => Number(stream.next().value)));
        expect(drift(shapeOf(value), part)).toEqual([]);
        expect(drift(part, shapeOf(value)).filter((fault) => fault.endsWith('is gone'))).toEqual([]);
      }),
      runs(),
    );
  });

  test('a removed field, and one of another type, is told wherever it is', () => {
    const record = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(fc.integer(), fc.boolean(), fc.string()), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(record, fc.nat(), fc.nat(4), (fields, which, depth) => {
        const names = Object.keys(fields);
        const name = names[which % names.length] as string;
        const within = (value: unknown): unknown =>
          Array.from({ length: depth }).reduce<unknown>(
            (inner, _, index) => (index % 2 ? [inner] : { rows: inner }),
            value,
          );
        const { [name]: gone, ...rest } = fields;
        expect(drift(shapeOf(within(fields)), shapeOf(within(rest)))).toEqual([
          expect.stringMatching(new RegExp(`${name} is gone$`)),
        ]);
        expect(drift(shapeOf(within(fields)), shapeOf(within({ ...fields, [name]: [gone] })))).toEqual([
          expect.stringContaining(`${name} was ${typeof gone}, is array`),
        ]);
      }),
      runs(),
    );
  });

  test('it survives its way through the history as JSON', () => {
    fc.assert(
      fc.property(json, (value) => expect(JSON.parse(JSON.stringify(shapeOf(value)))).toEqual(shapeOf(value))),
      runs(),
    );
  });
});

describe('what travels is bounded', () => {
  const fieldsOf = (shape: Shape): number =>
    Object.values(shape.fields ?? {}).reduce((sum, each) => sum + 1 + fieldsOf(each), 0) +
    [shape.items, shape.entries].reduce((sum, each) => sum + (each ? fieldsOf(each) : 0), 0);
  const wide = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`f${index}`, { a: 1, b: 2 }]));

  test('to a thousand fields in all, and what is left out is not compared', () => {
    const cut = bounded({ '/a': shapeOf(wide), '/b': shapeOf(wide) });
    expect(Object.values(cut).reduce((sum, shape) => sum + fieldsOf(shape), 0)).toBe(1_000);
    expect(JSON.stringify(cut).length).toBeLessThan(100_000);
    expect(drift(cut['/a'] as Shape, shapeOf(wide))).toEqual([]);
    expect(drift(cut['/b'] as Shape, shapeOf(wide))).toEqual([]);
  });

  test('and in depth', () => {
    const deep: unknown = JSON.parse('{"a":'.repeat(1_000) + '1' + '}'.repeat(1_000));
    expect(fieldsOf(shapeOf(deep))).toBe(8);
    expect(drift(shapeOf(deep), shapeOf(deep))).toEqual([]);
  });

  test('a small one stays as it is', () => {
    fc.assert(
      fc.property(json, (value) => expect(bounded({ '/x': shapeOf(value) })).toEqual({ '/x': shapeOf(value) })),
      runs(),
    );
  });
});

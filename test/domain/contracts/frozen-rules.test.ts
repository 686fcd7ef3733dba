import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenInData, brokenRules } from '../../../src/domain/contracts/frozen-rules.js';
import { runs } from '../../support/property-runs.js';

const STOCK = { has: ['meta', 'rows', 'totals'], stock: true };
const answer = (totals: unknown, rows: unknown = []) => ({ meta: {}, rows, totals });
const totals = (total_units: unknown, total_rfid: unknown, total_pending: unknown) => ({
  total_units,
  total_rfid,
  total_pending,
});

test('the stock of a healthy ARIS3 keeps them, although its rows in transit say available_for_sale', async () => {
  const stock = JSON.parse(await readFile('test/fixtures/aris3/stock.json', 'utf8')) as {
    rows: Record<string, unknown>[];
  };
  expect(stock.rows).toContainEqual(
    expect.objectContaining({ status: 'IN_TRANSIT', location_is_vendible: false, available_for_sale: true }),
  );
  expect(brokenRules(STOCK, stock)).toEqual([]);
});

describe('the keys it must have', () => {
  test.each<[string, unknown, string[]]>([
    ['are named when they are missing or null', { meta: {}, rows: null }, ['it has no rows, totals']],
    ['are its own', Object.create({ meta: 1, rows: 1, totals: 1 }), ['it has no meta, rows, totals']],
    ["can't be in a list", [], ['the answer is not an object but a list']],
    ["can't be in a null", null, ['the answer is not an object but null']],
  ])('%s', (_, value, faults) => {
    expect(brokenRules({ ...STOCK, stock: false }, value)).toEqual(faults);
  });

  test('nothing is asked of an answer without rules', () => {
    expect(brokenRules({ has: [], stock: false }, 5)).toEqual([]);
  });
});

describe('TOTAL = RFID + PENDING', () => {
  test('holds exactly when it holds', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.integer({ min: -3, max: 3 }), (rfid, pending, off) => {
        expect(brokenRules(STOCK, answer(totals(rfid + pending + off, rfid, pending))).length).toBe(off === 0 ? 0 : 1);
      }),
      runs(),
    );
  });

  test.each<[string, unknown, string[]]>([
    ['is told with its numbers', totals(33, 18, 14), ['TOTAL 33 is not RFID 18 + PENDING 14']],
    ['takes a null for the sum over nothing', totals(14, null, 14), []],
    ['allows decimals', totals(0.3, 0.1, 0.2), []],
    ['needs numbers', totals('32', 18, 14), ['totals.total_units is not a number but a string']],
    ['needs all three', { total_rfid: 18, total_pending: 14 }, ['totals.total_units is not a number but missing']],
    ['needs totals', [], ['its totals are not an object but a list']],
  ])('%s', (_, value, faults) => {
    expect(brokenRules(STOCK, answer(value))).toEqual(faults);
  });
});

describe('IN_TRANSIT', () => {
  const row = fc.record({
    status: fc.constantFrom('RFID', 'PENDING', 'IN_TRANSIT'),
    location_is_vendible: fc.constantFrom(true, false, null, undefined),
    available_for_sale: fc.constantFrom(true, false, null),
  });

  test('is never sellable: the location decides, and where it is silent what the row says of itself', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const wrong = rows.some(
          ({ status, location_is_vendible: location, available_for_sale: sale }) =>
            status === 'IN_TRANSIT' && (location === true || (location !== false && sale === true)),
        );
        expect(brokenRules(STOCK, answer(totals(0, 0, 0), rows)).length).toBe(wrong ? 1 : 0);
      }),
      runs(),
    );
  });

  test('rows prove nothing about totals: they are one page of many', () => {
    expect(
      brokenRules(STOCK, answer(totals(2, 1, 1), Array(50).fill({ status: 'RFID', location_is_vendible: true }))),
    ).toEqual([]);
    expect(brokenRules(STOCK, answer(totals(9_000, 5_000, 4_000), []))).toEqual([]);
  });

  test('needs rows', () => {
    expect(brokenRules(STOCK, answer(totals(0, 0, 0), { 0: {} }))).toEqual(['its rows are not a list but an object']);
    expect(brokenRules(STOCK, answer(totals(0, 0, 0), [null, 5, 'x', []]))).toEqual([]);
  });
});

test('whatever comes is judged and never throws', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      (value) => Array.isArray(brokenRules(STOCK, value)) && Array.isArray(brokenRules(STOCK, answer(value, value))),
    ),
    runs(),
  );
});

describe('what is broken in the data', () => {
  const sellable = [{ status: 'IN_TRANSIT', location_is_vendible: true }];
  test.each<[string, unknown, string[]]>([
    ['is a sum that is none', answer(totals(33, 18, 14)), ['TOTAL 33 is not RFID 18 + PENDING 14']],
    ['is a row in transit that is sellable', answer(totals(32, 18, 14), sellable), ['1 IN_TRANSIT row is sellable']],
    ['is no type, for another release may answer with another', answer(totals('33', 18, 14), 'rows'), []],
    ['is no key that is missing', { meta: {} }, []],
    ['is no other answer', [], []],
  ])('%s', (_, value, broken) => {
    expect(brokenInData(STOCK, value)).toEqual(broken);
    expect(brokenRules(STOCK, value)).toEqual(expect.arrayContaining(broken));
  });

  test('is nothing where the contract is none about stock', () => {
    expect(brokenInData({ stock: false }, answer(totals(33, 18, 14), sellable))).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StockItem } from '../../sandbox/data/data-set.js';
import { checkInvariants, withDrift } from '../../sandbox/data/invariants.js';
import { seedDataSet } from '../../sandbox/data/seed.js';
import { stockAnswer } from '../../sandbox/service/answers.js';
import { runs } from '../support/property-runs.js';

describe('the frozen rules over the data', () => {
  test('hold for the data a sandbox begins with', () => {
    expect(checkInvariants(seedDataSet())).toEqual({ groups: 7, violations: [] });
    expect(stockAnswer(seedDataSet()).totals).toMatchObject({
      total_rows: 38,
      total_rfid: 18,
      total_pending: 14,
      total_units: 32,
    });
  });

  test('a drift is found in the data, not in the answer, and can be repaired', () => {
    const drifted = withDrift(seedDataSet(), true);
    expect(checkInvariants(drifted).violations).toHaveLength(1);
    expect(stockAnswer(drifted)).toEqual(stockAnswer(seedDataSet()));
    expect(withDrift(drifted, false)).toEqual(seedDataSet());
  });

  test('any other status on a sellable location breaks them', () => {
    const statuses = fc.constantFrom('RFID', 'PENDING', 'IN_TRANSIT', 'SOLD', 'DAMAGED');
    fc.assert(
      fc.property(fc.array(fc.tuple(statuses, fc.boolean()), { maxLength: 30 }), (made) => {
        const stock = made.map(([status, sellable], index): StockItem => ({
          id: String(index),
          tenant_id: 't',
          store_id: 's',
          sku: 'A',
          epc: status === 'PENDING' ? null : 'E',
          location_code: 'L',
          pool: 'P',
          status,
          location_is_vendible: sellable,
          created_at: '',
        }));
        const data = seedDataSet();
        const broken =
          checkInvariants({ ...data, tables: { ...data.tables, stock_items: stock } }).violations.length > 0;
        expect(broken).toBe(made.some(([status, sellable]) => sellable && status !== 'RFID' && status !== 'PENDING'));
      }),
      runs(),
    );
  });
});

import { fixedId, STORE_B } from './seed.js';
import type { DataSet, StockItem } from './data-set.js';

export interface InvariantReport {
  /** Groups (store, SKU) that were looked at. */
  groups: number;
  /** One sentence per broken frozen rule. */
  violations: string[];
}

const groupBy = (items: readonly StockItem[]): Map<string, StockItem[]> => {
  const groups = new Map<string, StockItem[]>();
  for (const item of items) {
    const key = `${item.store_id}/${item.sku}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

/** The frozen rules of the playbook over the data itself: TOTAL = RFID + PENDING on sellable locations, IN_TRANSIT never sellable. */
export function checkInvariants(data: DataSet): InvariantReport {
  const groups = groupBy(data.tables.stock_items);
  const violations: string[] = [];
  for (const [group, items] of groups) {
    const sellable = items.filter((item) => item.location_is_vendible);
    const count = (status: string): number => sellable.filter((item) => item.status === status).length;
    const expected = count('RFID') + count('PENDING');
    if (sellable.length !== expected)
      violations.push(`${group}: TOTAL=${sellable.length} but RFID+PENDING=${expected}`);
    if (count('IN_TRANSIT') > 0) violations.push(`${group}: ${count('IN_TRANSIT')} IN_TRANSIT on a sellable location`);
    const mislabelled = items.filter(
      (item) => (item.status === 'RFID' && item.epc === null) || (item.status === 'PENDING' && item.epc !== null),
    );
    if (mislabelled.length > 0)
      violations.push(`${group}: ${mislabelled.length} item(s) whose EPC doesn't fit their status`);
  }
  return { groups: groups.size, violations };
}

// The drifting item lies in a store that the operator's own view doesn't show: only the data can tell (the API never does).
const DRIFTING = fixedId('stock 301');

/** The data with (or without) the drift of a `stock-drift` release: one item of another store in no state that counts. */
export function withDrift(data: DataSet, drifted: boolean): DataSet {
  const stockItems = data.tables.stock_items.map((item) =>
    item.id === DRIFTING && item.store_id === STORE_B ? { ...item, status: drifted ? 'DAMAGED' : 'PENDING' } : item,
  );
  return { ...data, tables: { ...data.tables, stock_items: stockItems } };
}

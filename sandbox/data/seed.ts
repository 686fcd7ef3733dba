import { createHash } from 'node:crypto';
import { CORE_TABLES, type DataSet, type Row, type StockItem, type Tables } from './data-set.js';

export const SCHEMA_HEAD = '0037_s12_reports_cost_snapshot';
const CREATED_AT = '2026-11-23T07:28:38.266864';

/** An id that is the same in every sandbox, so that two data sets can be compared. */
export function fixedId(label: string): string {
  const hex = createHash('sha256').update(label).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const TENANT = fixedId('tenant a');
export const STORE_A = fixedId('store a');
export const STORE_B = fixedId('store b');

function stock(index: number, store: string, status: 'RFID' | 'PENDING' | 'IN_TRANSIT', sku: string): StockItem {
  const inTransit = status === 'IN_TRANSIT';
  return {
    id: fixedId(`stock ${index}`),
    tenant_id: TENANT,
    store_id: store,
    sku,
    description: `Acceptance ${sku}`,
    epc: status === 'PENDING' ? null : index.toString(16).toUpperCase().padStart(24, '0'),
    location_code: inTransit ? 'TRANSIT-1' : 'LOC-1',
    pool: 'P1',
    status,
    location_is_vendible: !inTransit,
    created_at: CREATED_AT,
  };
}

const times = (count: number, make: (index: number) => Row): Row[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** The data every sandbox begins with: 41 stock items, of which the operator's store has 18 RFID, 14 PENDING and 6 in transit. */
export function seedDataSet(): DataSet {
  const storeA = [
    ...Array.from({ length: 18 }, (_, i) => stock(i + 1, STORE_A, 'RFID', `ACC-${(i % 3) + 1}`)),
    ...Array.from({ length: 14 }, (_, i) => stock(i + 101, STORE_A, 'PENDING', 'ACC-SALE')),
    ...Array.from({ length: 6 }, (_, i) => stock(i + 201, STORE_A, 'IN_TRANSIT', 'ACC-2')),
  ];
  const storeB = Array.from({ length: 3 }, (_, i) => stock(i + 301, STORE_B, 'PENDING', `ACC-B${i + 1}`));
  const empty = Object.fromEntries(CORE_TABLES.map((table) => [table, []])) as unknown as Tables;
  return {
    schema_rev: SCHEMA_HEAD,
    tables: {
      ...empty,
      tenants: times(2, (i) => ({ id: i === 0 ? TENANT : fixedId('tenant b'), name: `Acceptance ${i + 1}` })),
      stores: [STORE_A, STORE_B, fixedId('store c')].map((id, i) => ({
        id,
        tenant_id: TENANT,
        name: `Acceptance Store ${'ABC'.charAt(i)}`,
      })),
      users: ['operator', 'auditor'].map((username) => ({
        id: fixedId(username),
        tenant_id: TENANT,
        store_id: STORE_A,
        username,
        role: username,
      })),
      stock_items: [...storeA, ...storeB],
      audit_events: times(43, (i) => ({
        id: fixedId(`audit ${i}`),
        tenant_id: TENANT,
        action: 'stock.import',
        created_at: CREATED_AT,
      })),
      idempotency_records: times(2, (i) => ({
        id: fixedId(`idempotency ${i}`),
        key: `import-${i + 1}`,
        state: 'succeeded',
      })),
    },
  };
}

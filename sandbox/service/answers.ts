import { randomUUID } from 'node:crypto';
import type { DataSet, StockItem } from '../data/data-set.js';
import { fixedId, STORE_A, TENANT } from '../data/seed.js';

export const traceId = (): string => `trace-${randomUUID()}`;

/** Microseconds and a Z, as ARIS3 writes them. */
const timestamp = (): string => new Date().toISOString().replace('Z', '000Z');

export interface ErrorAnswer {
  code: string;
  message: string;
  details: null;
  trace_id: string;
}
export const errorAnswer = (code: string, message: string): ErrorAnswer => ({
  code,
  message,
  details: null,
  trace_id: traceId(),
});

/** The body of /health and /ready; `version` is the release and proves what is live. */
export function statusAnswer(release: string, readiness: 'live' | 'ready' | 'not-ready', ok: boolean): object {
  return { ok, service: 'aris3', timestamp: timestamp(), version: release, trace_id: traceId(), readiness };
}

export function loginAnswer(token: string): object {
  return { access_token: token, token_type: 'bearer', must_change_password: false, trace_id: traceId() };
}

const stockRow = (item: StockItem, storeName: string): object => {
  const mode = item.epc === null ? 'SKU' : 'EPC';
  return {
    sku: item.sku,
    description: item.description,
    var1_value: 'Blue',
    var2_value: 'L',
    cost_price: null,
    suggested_price: null,
    sale_price: null,
    epc: item.epc,
    location_code: item.location_code,
    pool: item.pool,
    store_id: item.store_id,
    store_name: storeName,
    is_current_store: true,
    status: item.status,
    location_is_vendible: item.location_is_vendible,
    image_asset_id: fixedId(`image ${item.id}`),
    image_url: 'https://example.com/i.png',
    image_thumb_url: 'https://example.com/t.png',
    image_source: 'catalog',
    image_updated_at: item.created_at,
    // A wart of ARIS3: an item in transit says so in location_is_vendible only.
    available_for_sale: true,
    available_for_transfer: true,
    sale_mode: mode,
    transfer_mode: mode,
    is_historical: false,
    available_qty: 1,
    display_pool: item.pool,
    display_location_code: item.location_code,
    id: item.id,
    tenant_id: item.tenant_id,
    created_at: item.created_at,
    updated_at: null,
  };
};

export interface StockAnswer {
  meta: Record<string, unknown>;
  rows: object[];
  totals: Record<string, unknown>;
}

/** GET /aris3/stock: the operator's own store, operational view. Totals are computed from the returned rows, as ARIS3 does. */
export function stockAnswer(data: DataSet): StockAnswer {
  const items = data.tables.stock_items.filter(
    (item) => item.store_id === STORE_A && ['RFID', 'PENDING', 'IN_TRANSIT'].includes(item.status),
  );
  const name = data.tables.stores.find((store) => store.id === STORE_A)?.name;
  const storeName = typeof name === 'string' ? name : '';
  const count = (status: string): number => items.filter((item) => item.status === status).length;
  const [rfid, pending] = [count('RFID'), count('PENDING')];
  return {
    meta: { page: 1, page_size: 50, sort_by: 'created_at', sort_dir: 'desc', scope: 'self', view: 'operational' },
    rows: items.map((item) => stockRow(item, storeName)),
    totals: {
      total_rows: items.length,
      total_rfid: rfid,
      total_pending: pending,
      total_units: rfid + pending,
      totals_by_store: [],
    },
  };
}

const MONEY_TOTALS = [
  'gross_sales',
  'refunds_total',
  'net_sales',
  'cogs_gross',
  'cogs_reversed_from_returns',
  'net_cogs',
  'net_profit',
  'average_ticket',
  'liability_issued_advances',
  'liability_issued_gift_cards',
  'liability_redeemed_advances',
  'liability_redeemed_gift_cards',
  'liability_refunded_advances',
  'liability_refunded_gift_cards',
  'tender_cash_received',
  'tender_card_received',
  'tender_transfer_received',
  'tender_total_received',
];

export interface ReportAnswer {
  meta: Record<string, unknown>;
  totals: Record<string, unknown>;
}

/** GET /aris3/reports/overview: today, UTC. Nothing is ever sold for good in the sandbox, so every amount is zero. */
export function reportAnswer(): ReportAnswer {
  const now = timestamp();
  const day = now.slice(0, 10);
  return {
    meta: {
      store_id: STORE_A,
      requested_store_id: null,
      resolved_store_id: STORE_A,
      token_store_id: STORE_A,
      all_stores: false,
      timezone: 'UTC',
      from_datetime: `${day}T00:00:00Z`,
      to_datetime: now,
      from_datetime_utc: `${day}T00:00:00Z`,
      to_datetime_utc: now,
      eligible_sales_count_by_store: { [STORE_A]: 0 },
      trace_id: traceId(),
      query_ms: 1.25,
      filters: {
        store_id: STORE_A,
        from: `${day}T00:00:00+00:00`,
        to: now.replace('Z', '+00:00'),
        timezone: 'UTC',
        cashier: null,
        channel: null,
        payment_method: null,
      },
    },
    totals: { ...Object.fromEntries(MONEY_TOTALS.map((name) => [name, '0.00'])), orders_paid_count: 0 },
  };
}

export interface ExportsAnswer {
  rows: Record<string, unknown>[];
}

/** GET /aris3/exports: one finished export, and no meta. */
export function exportsAnswer(): ExportsAnswer {
  const created = '2026-11-23T07:28:38.766314';
  return {
    rows: [
      {
        export_id: fixedId('export 1'),
        tenant_id: TENANT,
        store_id: STORE_A,
        source_type: 'reports_daily',
        format: 'csv',
        filters_snapshot: {
          store_id: STORE_A,
          from: '2026-11-23T00:00:00+00:00',
          to: '2026-11-23T23:59:59.999999+00:00',
          timezone: 'UTC',
          cashier: null,
          channel: null,
          payment_method: null,
        },
        status: 'READY',
        row_count: 1,
        checksum_sha256: '160403676de1041c6ecda19d2ca483fc0c120252a07861aab61000b0c7514ca8',
        failure_reason_code: null,
        generated_by_user_id: fixedId('operator'),
        generated_at: created,
        trace_id: 'trace-1ded3752-b00e-4663-bd2b-0977636e9ed7',
        file_size_bytes: 196,
        content_type: 'text/csv',
        file_name: 'reports_daily.ExportFormat.CSV',
        created_at: created,
        updated_at: created,
      },
    ],
  };
}

import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The tables of a backup, in the order of its manifest. */
export const CORE_TABLES = [
  'tenants',
  'stores',
  'users',
  'stock_items',
  'transfers',
  'transfer_lines',
  'transfer_movements',
  'pos_sales',
  'pos_sale_lines',
  'pos_payments',
  'pos_cash_sessions',
  'pos_cash_movements',
  'pos_cash_day_closes',
  'audit_events',
  'idempotency_records',
] as const;
export type Table = (typeof CORE_TABLES)[number];

export interface Row {
  id: string;
  [column: string]: unknown;
}

export interface StockItem extends Row {
  tenant_id: string;
  store_id: string;
  sku: string;
  epc: string | null;
  location_code: string;
  pool: string;
  status: string;
  location_is_vendible: boolean;
  created_at: string;
}

export type Tables = { [Name in Table]: Name extends 'stock_items' ? StockItem[] : Row[] };

/** The whole database of the sandbox: one JSON file. Its only writers are the fleet agent and the checklist's migration. */
export interface DataSet {
  schema_rev: string;
  tables: Tables;
}

/** Turns a DATABASE_URL (`file:///…`) into a path. Throws a sentence when it is another kind of URL. */
export function databasePath(url: string): string {
  if (!url.startsWith('file:'))
    throw new Error(`Could not parse database URL from string '${url}': the sandbox's database is a file:///… URL`);
  return fileURLToPath(url);
}

/** Reads the data set; throws when the file is away or isn't JSON. */
export function readDataSet(path: string): DataSet {
  return JSON.parse(readFileSync(path, 'utf8')) as DataSet;
}

/** Replaces the data set as a whole: a reader sees the old or the new one. */
export function writeDataSet(path: string, data: DataSet): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(data));
  renameSync(draft, path);
}

/** A reader that parses the file again only after it was replaced. Throws like {@link readDataSet}. */
export function cachedReader(path: string): () => DataSet {
  let seen = '';
  let data: DataSet | undefined;
  return () => {
    const { mtimeMs, ino, size } = statSync(path);
    const version = `${mtimeMs} ${ino} ${size}`;
    if (data === undefined || version !== seen) {
      data = readDataSet(path);
      seen = version;
    }
    return data;
  };
}

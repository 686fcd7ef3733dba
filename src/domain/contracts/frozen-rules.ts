import type { Contract } from '../plan/playbook/verify.js';

/**
 * Which frozen rules (playbook, "Scope and Safety") an answer breaks, one clause each; none when it keeps them.
 *
 * Rows are one page of many, and a row may stand for several units: they can't prove totals, so the totals are only held against each other. Each
 * row proves something about itself.
 */
export function brokenRules({ has, stock }: Pick<Contract, 'has' | 'stock'>, answer: unknown): string[] {
  if (!isObject(answer)) return has.length > 0 || stock ? [`the answer is not an object but ${named(answer)}`] : [];
  const missing = has.filter((key) => valueOf(answer, key) === undefined || valueOf(answer, key) === null);
  const faults = missing.length > 0 ? [`it has no ${missing.join(', ')}`] : [];
  return stock
    ? [...faults, ...brokenTotals(valueOf(answer, 'totals')), ...sellableInTransit(valueOf(answer, 'rows'))]
    : faults;
}

/** Those of the broken rules that lie in the data themselves: another release answers them no better. */
export function brokenInData({ stock }: Pick<Contract, 'stock'>, answer: unknown): string[] {
  if (!stock || !isObject(answer)) return [];
  const rows = valueOf(answer, 'rows');
  return [...wrongSum(valueOf(answer, 'totals')), ...(Array.isArray(rows) ? sellableInTransit(rows) : [])];
}

const PARTS = ['total_units', 'total_rfid', 'total_pending'] as const;

/** TOTAL = RFID + PENDING on sellable locations. */
function brokenTotals(totals: unknown): string[] {
  if (!isObject(totals)) return [`its totals are not an object but ${named(totals)}`];
  const parts = PARTS.map((name) => ({ name, value: valueOf(totals, name) }));
  // A null is the sum over nothing.
  const wrong = parts.filter(({ value }) => value !== null && !Number.isFinite(value));
  if (wrong.length > 0) return wrong.map(({ name, value }) => `totals.${name} is not a number but ${named(value)}`);
  return wrongSum(totals);
}

/** Of totals that are numbers. */
function wrongSum(totals: unknown): string[] {
  if (!isObject(totals)) return [];
  const values = PARTS.map((name) => valueOf(totals, name));
  if (values.some((value) => value !== null && !Number.isFinite(value))) return [];
  const [units, rfid, pending] = values.map(Number) as [number, number, number];
  // Quantities may have decimals, and sums of those miss by a hair.
  return Math.abs(units - (rfid + pending)) < 1e-6 ? [] : [`TOTAL ${units} is not RFID ${rfid} + PENDING ${pending}`];
}

/** What location_is_vendible says counts: ARIS3 has `available_for_sale: true` on rows in transit of healthy releases, too. */
function sellableInTransit(rows: unknown): string[] {
  if (!Array.isArray(rows)) return [`its rows are not a list but ${named(rows)}`];
  const sellable = (rows as unknown[]).filter(
    (row) =>
      isObject(row) &&
      valueOf(row, 'status') === 'IN_TRANSIT' &&
      (valueOf(row, 'location_is_vendible') ?? valueOf(row, 'available_for_sale')) === true,
  );
  return sellable.length === 0
    ? []
    : [`${sellable.length} IN_TRANSIT ${sellable.length === 1 ? 'row is' : 'rows are'} sellable`];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const valueOf = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
const named = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;

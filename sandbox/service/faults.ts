import type { BadWay, BadWayName } from '../bad-way.js';
import type { ExportsAnswer, ReportAnswer, StockAnswer } from './answers.js';

type Of<Name extends BadWayName> = Extract<BadWay, { way: Name }>;
type Change = Of<'contract-drift'>['change'];

/** What is bad about one running instance, and since when. Can be turned at run time. */
export class Faults {
  #bad: readonly BadWay[];
  #sinceMs: number;
  #errorDebt = 0;

  constructor(bad: readonly BadWay[]) {
    this.#bad = bad;
    this.#sinceMs = performance.now();
  }

  turn(bad: readonly BadWay[]): void {
    this.#bad = bad;
    this.#sinceMs = performance.now();
  }

  find<Name extends BadWayName>(way: Name): Of<Name> | undefined {
    return this.#bad.find((bad): bad is Of<Name> => bad.way === way);
  }

  unhealthy(): boolean {
    const later = this.find('unhealthy-later');
    return (
      this.find('unhealthy') !== undefined ||
      (later !== undefined && performance.now() - this.#sinceMs >= later.afterSeconds * 1_000)
    );
  }

  /** Whether this request is one of the share that fails. Counts instead of throwing dice, so that a fifth is a fifth. */
  failsNow(route = ''): boolean {
    const rate = this.find('error-rate');
    if (rate?.route !== undefined && rate.route !== route) return false;
    this.#errorDebt += rate?.share ?? 0;
    // A sum of shares such as 0.1 misses 1 by a hair.
    if (this.#errorDebt < 1 - 1e-9) return false;
    this.#errorDebt -= 1;
    return true;
  }

  delayMs(): number {
    return this.find('slow')?.addMs ?? 0;
  }

  get drift(): Change | undefined {
    return this.find('contract-drift')?.change;
  }
}

/** The stock answer of a release whose contract has drifted. */
export function driftStock(answer: StockAnswer, change: Change | undefined): object {
  const { total_units: units, ...others } = answer.totals;
  switch (change) {
    case undefined:
      return answer;
    case 'missing':
      return { ...answer, totals: others };
    case 'retyped':
      return { ...answer, totals: { ...others, total_units: String(units) } };
    case 'totals':
      return { ...answer, totals: { ...others, total_units: Number(units) + 1 } };
    case 'in-transit-sellable':
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, location_is_vendible: true })) };
  }
}

/** The report of a release whose contract has drifted: a total is gone, or a number where a string was. */
export function driftReport(answer: ReportAnswer, change: Change | undefined): object {
  const { net_sales: netSales, ...others } = answer.totals;
  if (change === 'missing') return { ...answer, totals: others };
  if (change === 'retyped') return { ...answer, totals: { ...others, net_sales: Number(netSales) } };
  return answer;
}

/** The exports of a release whose contract has drifted. */
export function driftExports(answer: ExportsAnswer, change: Change | undefined): object {
  if (change !== 'missing' && change !== 'retyped') return answer;
  return {
    rows: answer.rows.map(({ row_count: count, ...row }) =>
      change === 'missing' ? row : { ...row, row_count: String(count) },
    ),
  };
}

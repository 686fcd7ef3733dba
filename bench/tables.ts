import type { Unit } from './scenario.js';
import type { Result } from './results.js';

/** A row of a table: one measure, golive's beside the twin's. */
export interface Row {
  readonly measure: string;
  readonly golive: Result | undefined;
  readonly twin: Result | undefined;
}

/** The measures of a scenario, in the order in which they were taken. */
export function rowsOf(results: readonly Result[]): Row[] {
  return [...new Set(results.map(({ measure }) => measure))].map((measure) => {
    const side = (which: string) => results.find(({ measure: each, of }) => each === measure && of === which);
    return { measure, golive: side('golive'), twin: side('twin') };
  });
}

export const HEADINGS = ['', 'golive', 'p95', 'most', 'twin', 'p95', 'most', 'n'] as const;

/** A row's cells as people read them: medians, p95, the greatest, and how many there were. */
export function cells({ measure, golive, twin }: Row): string[] {
  const side = (result: Result | undefined): string[] =>
    result === undefined
      ? ['', '', '']
      : [result.median, result.p95, result.max].map((value, index) =>
          index > 0 && result.n === 1 ? '' : written(value, result.unit),
        );
  return [measure, ...side(golive), ...side(twin), String(golive?.n ?? twin?.n ?? 0)];
}

/** A value with its unit: three digits are more than any of them is worth. */
export function written(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 || (unit === '' && Number.isInteger(value)) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

/** A table for a terminal. */
export function textTable(rows: readonly Row[]): string[] {
  const all = [[...HEADINGS], ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

/** The same as Markdown. */
export function markdownTable(rows: readonly Row[]): string[] {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [
    line(HEADINGS),
    line(HEADINGS.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...rows.map((row) => line(cells(row))),
  ];
}

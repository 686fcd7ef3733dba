import type { TargetState } from './segment.js';

/**
 * States as a table: what all have alike stands once, the rest by column, and of a report only what is otherwise than in the states it was given. In a history of
 * days that is a fourth of what rows take.
 */
export interface StateTable {
  /** By key, what all have; null when none of them has it any more. */
  readonly same: Row;
  /** By key, one value for each state, null where it has none, or the key of a column that says the same. `check` is always there, but in a report. */
  readonly each: Readonly<Record<string, Column | string>>;
}

/** What has states, as it travels: in rows as 0.1.0 writes them, or as a table. */
export type Travelling<T extends { readonly states: readonly TargetState[] }> = Omit<T, 'states'> & {
  readonly states: T['states'] | StateTable;
};

type Row = Readonly<Record<string, unknown>>;
type Column = readonly unknown[];

export const isTable = (states: readonly TargetState[] | StateTable): states is StateTable => !Array.isArray(states);

/** With its states as a table. `given`: what the reader has given to whoever reports, the same checks in the same order. */
export const inTable = <T extends { readonly states: readonly TargetState[] }>(
  has: T,
  given?: readonly TargetState[],
): Travelling<T> => ({ ...has, states: tableOf(has.states.map(flat), given?.map(flat)) });

/** With its states in rows, whichever way they came. A key that was undefined is absent. `given`: what was given to whoever reports. */
export const inRows = <T extends { readonly states: readonly TargetState[] }>(
  has: Travelling<T>,
  given?: readonly TargetState[],
): T =>
  ({
    ...has,
    states: isTable(has.states) ? rowsOf(has.states, given?.map(flat)).map(state) : has.states,
  }) as unknown as T;

function tableOf(rows: readonly Row[], given: readonly Row[] | undefined): StateTable {
  const same: Record<string, unknown> = {};
  const each: Record<string, Column | string> = {};
  for (const key of new Set([...rows, ...(given ?? [])].flatMap(Object.keys))) {
    const column = columnOf(rows, key);
    if (given ? isAlike(column, columnOf(given, key)) : column.every((value) => value === null)) continue;
    const isSame = (given || key !== 'check') && column.every((value) => isAlike(value, column[0]));
    if (isSame) same[key] = column[0];
    else each[key] = Object.keys(each).find((other) => isAlike(each[other], column)) ?? column;
  }
  return { same, each };
}

function rowsOf({ same, each }: StateTable, given: readonly Row[] | undefined): Row[] {
  const column = (key: string): Column => {
    const found = each[key];
    return typeof found === 'string' ? column(found) : (found ?? []);
  };
  const columns = Object.keys(each).map((key) => [key, column(key)] as const);
  return (given ?? column('check')).map((before, index) => {
    const now = Object.fromEntries(columns.map(([key, values]) => [key, values[index]]));
    const row = { ...(given ? (before as Row) : {}), ...same, ...now };
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
  });
}

/** What a segment saw of it has columns of its own. */
const flat = ({ course, ...rest }: TargetState): Row => ({ ...rest, ...course });

const state = ({ worst, flaps, ...rest }: Row): TargetState =>
  ({
    ...rest,
    ...(flaps === undefined ? {} : { course: { ...(worst === undefined ? {} : { worst }), flaps } }),
  }) as unknown as TargetState;

const columnOf = (rows: readonly Row[], key: string): Column => rows.map((row) => row[key] ?? null);
const isAlike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

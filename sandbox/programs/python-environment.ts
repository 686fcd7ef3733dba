import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databasePath, readDataSet, type DataSet } from '../data/data-set.js';

/** Why a script of the service can't even begin, as the exception Python would show; null when it can. A trap of the real scripts. */
export function missingApp(): string | null {
  const places = (process.env.PYTHONPATH ?? '').split(':').filter((place) => place !== '');
  return places.some((place) => existsSync(join(resolve(place), 'app', '__init__.py')))
    ? null
    : "ModuleNotFoundError: No module named 'app'";
}

/** Opens the database that DATABASE_URL names. Throws the exception Python would show when it isn't set, can't be read or isn't there. */
export function openDatabase(): { path: string; data: DataSet } {
  const url = process.env.DATABASE_URL ?? '';
  if (url === '')
    throw new Error(
      'pydantic_core.ValidationError: 1 validation error for Settings\nDATABASE_URL\n  Field required [type=missing]',
    );
  let path: string;
  try {
    path = databasePath(url);
    return { path, data: readDataSet(path) };
  } catch (error) {
    throw new Error(
      `sqlalchemy.exc.OperationalError: unable to open database file (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_TABLES, type DataSet, type Row } from './data-set.js';

export interface Manifest {
  timestamp: string;
  schema_rev: string;
  row_counts: Record<string, number>;
  files: { name: string; sha256: string; rows: number }[];
  core_tables: string[];
}
export interface DrillReport {
  timestamp: string;
  manifest_path: string;
  restore_db_path: string;
  row_counts: Record<string, { expected: number; actual: number }>;
  row_counts_match: boolean;
  sanity_checks: { primary_keys_non_null: boolean };
  status: 'PASS' | 'FAIL';
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** 20261123T083909Z: to the second, so two within one second share a name, as those of ARIS3 do. */
export const compactTimestamp = (): string => `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Writes one file a table and the manifest. The same folder is overwritten silently: a trap of the real one. */
export function writeBackup(folder: string, data: DataSet): Manifest {
  mkdirSync(folder, { recursive: true });
  const files = CORE_TABLES.map((table) => {
    const rows = data.tables[table];
    const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    writeFileSync(join(folder, `${table}.jsonl`), content);
    return { name: `${table}.jsonl`, sha256: sha256(content), rows: rows.length };
  });
  const rowCounts = Object.fromEntries(CORE_TABLES.map((table) => [table, data.tables[table].length]));
  const manifest: Manifest = {
    timestamp: compactTimestamp(),
    schema_rev: data.schema_rev,
    row_counts: rowCounts,
    files,
    core_tables: [...CORE_TABLES],
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Reads a manifest; throws when it isn't there or isn't one. */
export function readManifest(path: string): Manifest {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  if (!Array.isArray(manifest.files) || manifest.row_counts === undefined)
    throw new Error(`${path} has no files and row_counts`);
  return manifest as Manifest;
}

/** What is wrong with a backup: one code a problem, empty when it is as its manifest says. */
export function manifestProblems(folder: string, manifest: Manifest): string[] {
  return manifest.files.flatMap(({ name, sha256: expected }) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [`missing_file:${name}`];
    return sha256(readFileSync(path)) === expected ? [] : [`checksum_mismatch:${name}`];
  });
}

/** Restores a backup into a scratch database and compares its row counts with the manifest. */
export function restoreDrill(
  folder: string,
  manifest: Manifest,
  scratch: string,
): Pick<DrillReport, 'row_counts' | 'row_counts_match' | 'sanity_checks' | 'status'> {
  const tables = Object.fromEntries(
    manifest.files.map(({ name }) => {
      const path = join(folder, name);
      const lines = existsSync(path)
        ? readFileSync(path, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [];
      return [name.replace('.jsonl', ''), lines.map((line) => JSON.parse(line) as Row)];
    }),
  );
  writeFileSync(scratch, JSON.stringify({ schema_rev: manifest.schema_rev, tables }));
  const restored = JSON.parse(readFileSync(scratch, 'utf8')) as { tables: Record<string, Row[]> };
  const counts = Object.entries(manifest.row_counts).map(
    ([table, expected]) => [table, { expected, actual: restored.tables[table]?.length ?? 0 }] as const,
  );
  const match = counts.every(([, { expected, actual }]) => expected === actual);
  const keyed = Object.values(restored.tables).every((rows) => rows.every((row) => typeof row.id === 'string'));
  return {
    row_counts: Object.fromEntries(counts),
    row_counts_match: match,
    sanity_checks: { primary_keys_non_null: keyed },
    status: match && keyed ? 'PASS' : 'FAIL',
  };
}

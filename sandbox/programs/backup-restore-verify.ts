import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compactTimestamp, readManifest, restoreDrill, type DrillReport } from '../data/backup.js';
import { artifactsFolder } from './backup-create.js';
import { complain, print, takeTime, type Script } from './script.js';

function drill(
  path: string,
  scratch: string,
): Pick<DrillReport, 'row_counts' | 'row_counts_match' | 'sanity_checks' | 'status'> {
  try {
    return restoreDrill(dirname(path), readManifest(path), scratch);
  } catch (error) {
    complain(String(error));
    return { row_counts: {}, row_counts_match: false, sanity_checks: { primary_keys_non_null: false }, status: 'FAIL' };
  }
}

/** scripts/ops/backup_restore_verify.py M: a restore drill. Prints its report's path and exits 0, whatever the report says: a trap of the real one. */
export const backupRestoreVerify: Script = async ({ root, args }) => {
  const [path = ''] = args;
  await takeTime(root);
  const folder = artifactsFolder();
  mkdirSync(folder, { recursive: true });
  const timestamp = compactTimestamp();
  const scratch = join(folder, `restore_verify_${timestamp}.db`);
  const report: DrillReport = {
    timestamp,
    manifest_path: resolve(path),
    restore_db_path: resolve(scratch),
    ...drill(path, scratch),
  };
  const reportPath = join(folder, `restore_verify_${timestamp}.json`);
  writeFileSync(reportPath, `${JSON.stringify(report, null, 2)}\n`);
  print(reportPath);
  return 0;
};

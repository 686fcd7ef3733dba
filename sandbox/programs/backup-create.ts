import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeBackup } from '../data/backup.js';
import { messageOf, missingApp, openDatabase } from './python-environment.js';
import { complain, optionValue, print, takeTime, traceback, type Script } from './script.js';

/** The folder as it is printed: relative to the checkout, absolute with OPS_ARTIFACTS_DIR. */
export function artifactsFolder(): string {
  const elsewhere = process.env.OPS_ARTIFACTS_DIR ?? '';
  return elsewhere === '' ? 'artifacts' : resolve(elsewhere);
}

/** scripts/ops/backup_create.py --name N: prints the manifest's path. When the database can't be read, a half-written folder is left. */
export const backupCreate: Script = async ({ root, args }) => {
  const missing = missingApp();
  if (missing !== null) return traceback(missing);
  const name = optionValue(args, '--name');
  if (name === undefined) {
    complain(
      'usage: backup_create.py [-h] --name NAME\nbackup_create.py: error: the following arguments are required: --name',
    );
    return 2;
  }
  const folder = join(artifactsFolder(), name);
  mkdirSync(folder, { recursive: true });
  await takeTime(root);
  try {
    const { data } = openDatabase();
    writeBackup(folder, data);
  } catch (error) {
    writeFileSync(join(folder, 'tenants.jsonl'), '');
    complain(`backup failed: ${messageOf(error)}`);
    return 1;
  }
  print(`${folder}/manifest.json`);
  return 0;
};

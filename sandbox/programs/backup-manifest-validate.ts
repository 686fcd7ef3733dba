import { dirname } from 'node:path';
import { manifestProblems, readManifest } from '../data/backup.js';
import { complain, print, takeTime, type Script } from './script.js';

/** scripts/ops/backup_manifest_validate.py M: `manifest valid`, or the problems as a Python list on stderr. */
export const backupManifestValidate: Script = async ({ root, args }) => {
  const [path] = args;
  if (path === undefined) {
    complain(
      'usage: backup_manifest_validate.py [-h] manifest\nbackup_manifest_validate.py: error: the following arguments are required: manifest',
    );
    return 2;
  }
  await takeTime(root);
  let problems: string[];
  try {
    problems = manifestProblems(dirname(path), readManifest(path));
  } catch {
    problems = ['manifest_unreadable'];
  }
  if (problems.length === 0) print('manifest valid');
  else complain(`manifest invalid: [${problems.map((problem) => `'${problem}'`).join(', ')}]`);
  return problems.length === 0 ? 0 : 1;
};

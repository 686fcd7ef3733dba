// The sandbox's stand-in for python: runs the scripts of the sandbox's checkout, which are Node programs.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupCreate } from './backup-create.js';
import { backupManifestValidate } from './backup-manifest-validate.js';
import { backupRestoreVerify } from './backup-restore-verify.js';
import { checkoutRoot } from './checkout-root.js';
import { checklist } from './checklist.js';
import { integrity } from './integrity.js';
import { complain, type Script } from './script.js';

const PROGRAMS: Record<string, Script> = {
  checklist,
  integrity,
  'backup-create': backupCreate,
  'backup-manifest-validate': backupManifestValidate,
  'backup-restore-verify': backupRestoreVerify,
};

async function main([script, ...args]: string[]): Promise<number> {
  const path = resolve(script ?? '');
  if (script === undefined || !existsSync(path)) {
    complain(`python: can't open file '${path}': [Errno 2] No such file or directory`);
    return 2;
  }
  const name = /^# sandbox-program: (\S+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  const program = PROGRAMS[name];
  if (program === undefined) {
    complain(
      `This is the sandbox's stand-in for python. It runs the scripts of the sandbox's checkout only, and ${path} names none of: ${Object.keys(PROGRAMS).join(', ')}.`,
    );
    return 2;
  }
  return program({ root: checkoutRoot(path), args });
}

process.exitCode = await main(process.argv.slice(2));

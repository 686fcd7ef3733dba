import { SCHEMA_HEAD } from '../data/seed.js';
import { SMOKE_TESTS } from '../smoke-test-names.js';

/** A word of shell for any text. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The sh program that runs one of the sandbox's Node programs with the arguments it was given. */
export function shim(comment: string, program: string, firstArguments = ''): string {
  return `#!/bin/sh\n# ${comment}\nexec ${quote(process.execPath)} ${quote(program)} ${firstArguments}"$@"\n`;
}

const script = (program: string, says: string): string =>
  `# sandbox-program: ${program}\n#\n# ${says}\n# The sandbox needs no Python: its stand-in for python (see the bin directory beside this checkout) reads the line\n# above and runs the program of that name.\n`;

const smokeTests = `# sandbox-program: smoke
#
# The sandbox needs no pytest: its stand-in (see the bin directory beside this checkout) collects the tests from this file
# and runs those of the same names, in process, without looking at the fleet.

${SMOKE_TESTS.map((name) => `def ${name}():\n    ...\n`).join('\n')}`;

const migration = (revision: string, downRevision: string | null): string =>
  `${JSON.stringify({ revision, down_revision: downRevision }, null, 2)}\n`;

/** The files of the checkout, by path. deploy.sh must be executable. */
export function checkoutFiles(release: string, deployProgram: string): Record<string, string> {
  return {
    'README.md':
      '# ARIS3-like service of the golive sandbox\n\nRELEASE names the candidate release: it is what deploy.sh puts on the fleet.\n',
    RELEASE: `${release}\n`,
    'deploy.sh': shim(
      'Owned by the operators: replaces instances of the fleet one by one. Never run two at a time.',
      deployProgram,
      '"${0%/*}" ',
    ),
    'app/__init__.py': '# The service itself is the sandbox program that the fleet runs.\n',
    'migrations/versions/0036.json': migration('0036_s11_exports', null),
    'migrations/versions/0037.json': migration(SCHEMA_HEAD, '0036_s11_exports'),
    'scripts/go_live_checklist.py': script('checklist', 'The consolidated preflight of playbook section 1.'),
    'scripts/post_go_live_integrity_check.py': script('integrity', 'Looks for frozen-rule drift in the data.'),
    'scripts/ops/backup_create.py': script('backup-create', 'Writes the tables and a manifest with their checksums.'),
    'scripts/ops/backup_manifest_validate.py': script(
      'backup-manifest-validate',
      'Checks a backup against its manifest.',
    ),
    'scripts/ops/backup_restore_verify.py': script(
      'backup-restore-verify',
      'A restore drill into a scratch database. Always exits 0: read its report.',
    ),
    'tests/smoke/test_go_live_validation.py': smokeTests,
  };
}

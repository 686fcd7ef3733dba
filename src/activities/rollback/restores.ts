import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve as resolvePath } from 'node:path';
import { manifestTime } from '../../domain/backup/backup-manifest.js';
import { readDrillReport } from '../../domain/backup/drill-report.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Restore } from '../../domain/plan/playbook.js';
import type { Backup } from '../../domain/rollback/restore-status.js';
import type { Finding } from '../../domain/run/status.js';
import { resolve } from '../../plans/variables.js';
import { BadPath, insideArtifacts } from '../commands/artifacts.js';
import type { Dependencies } from '../dependencies.js';
import { beating, retryably } from '../patience.js';
import { wrongSignature } from './signature.js';

export interface RestoreActivities {
  /** The backup of this manifest as it is on this host now. */
  readonly readBackup: (input: {
    planHash: string;
    manifest: string;
  }) => Promise<Backup | { readonly unreadable: string }>;
  /**
   * The report whose path the restore drill printed: PASS is a pass and nothing else is, whatever the drill's exit code was.
   * @param input.manifest of which backup it has to be
   * @param input.notBefore ISO: when the drill began; an older report is another drill's
   */
  readonly readDrill: (input: {
    planHash: string;
    printed: string;
    manifest: string;
    notBefore?: string;
  }) => Promise<Finding>;
  /** Whether this text was signed by this lead, by the plan's allowed signers. */
  readonly verifyApproval: (input: {
    planHash: string;
    by: string;
    text: string;
    signature: string;
  }) => Promise<{ readonly refused?: string }>;
}

/** A manifest or a report is some kilobytes; more is something else. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What a data restore needs of the host that has the backup: its files, and the leads' keys. Nothing here changes anything. */
export function restoreActivities({
  plans,
  environment,
}: Pick<Dependencies, 'plans' | 'environment'>): RestoreActivities {
  return {
    async readBackup({ planHash, manifest }) {
      const plan = await retryably(() => plans.load(planHash));
      return retryably(() =>
        orWhy<Backup | { unreadable: string }>(
          async () => {
            const path = await insideArtifacts(plan, environment, manifest, plan.preflight.backup.create);
            const bytes = await readWhole(path);
            return {
              manifest: path,
              name: basename(dirname(path)),
              sha256: createHash('sha256').update(bytes).digest('hex'),
              madeAt: (await madeAt(path, bytes)).toISOString(),
            };
          },
          (why) => ({ unreadable: why }),
        ),
      );
    },

    async readDrill({ planHash, printed, manifest, notBefore }) {
      const plan = await retryably(() => plans.load(planHash));
      const finding = (state: 'pass' | 'fail', detail: string): Finding => ({ name: 'restore drill', state, detail });
      if (printed === '') return finding('fail', 'it printed no path of a report');
      return retryably(() =>
        orWhy<Finding>(
          async () => {
            const path = await insideArtifacts(plan, environment, printed, restoreOf(plan).drill);
            const report = readDrillReport((await readWhole(path)).toString('utf8'));
            if (report?.at === undefined)
              return finding(
                'fail',
                `${path} is not a drill report: it needs status, restore_db_path and a timestamp such as 20261123T083910Z`,
              );
            if (report.manifest !== undefined && (await real(report.manifest)) !== (await real(manifest)))
              return finding('fail', `${path} is about another backup, ${report.manifest}`);
            // Its timestamp may have whole seconds only.
            if (notBefore !== undefined && report.at < Math.floor(Date.parse(notBefore) / 1_000) * 1_000)
              return finding('fail', `${path} is of ${new Date(report.at).toISOString()}, from before this drill`);
            return finding(report.status === 'PASS' ? 'pass' : 'fail', `${path}: status ${report.status}`);
          },
          (why) => finding('fail', `its report can't be read: ${why}`),
        ),
      );
    },

    verifyApproval: ({ planHash, by, text, signature }) =>
      beating(async () => {
        const plan = await retryably(() => plans.load(planHash));
        const { signers } = restoreOf(plan);
        if (signers === undefined) return { refused: 'the plan names no allowed signers' };
        const file = await retryably(() =>
          resolvePath(resolve(plan.environment.workingDirectory, environment), resolve(signers, environment)),
        );
        const refused = await wrongSignature({ signers: file, by, text, signature, path: environment['PATH'] });
        return refused === undefined ? {} : { refused };
      }),
  };
}

function restoreOf({ rollback: { restore } }: Plan): Restore {
  if (!restore) throw new Error('The plan has no rollback.restore.');
  return restore;
}

/** What comes of files that aren't what they should be is a finding, not an error to be tried again. */
async function orWhy<T>(read: () => Promise<T>, otherwise: (why: string) => T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BadPath || error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined)
      return otherwise((error as Error).message);
    throw error;
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const about = await stat(path);
  // A pipe may never end.
  if (!about.isFile()) throw new BadPath(`${path} is not a file`);
  const { size } = about;
  if (size > MOST_BYTES) throw new BadPath(`${path} has ${size} bytes, more than any manifest or report`);
  return await readFile(path);
}

/** By its own word, else by its file. */
async function madeAt(path: string, bytes: Buffer): Promise<Date> {
  const at = manifestTime(bytes.toString('utf8'), Date.now());
  return at === undefined ? (await stat(path)).mtime : new Date(at);
}

const real = (path: string) => realpath(path).catch(() => path);

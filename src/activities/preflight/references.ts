import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  isOtherEncoding,
  looksLikeDrillReport,
  readDrillReport,
  type DrillReport,
} from '../../domain/backup/drill-report.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { formatDuration } from '../../domain/time/duration.js';
import { lasted } from '../../domain/time/lasted.js';
import { oneLine } from '../../domain/text/one-line.js';
import type { Finding, GoLiveResult } from '../../domain/run/status.js';
import { CLOCKS_APART_MS } from '../../domain/time/timestamp.js';
import { resolve } from '../../plans/variables.js';
import type { Dependencies } from '../dependencies.js';
import { retryably } from '../patience.js';

export interface DrillActivities {
  /** Playbook §1.3: the newest restore drill report, if it is a PASS and young enough. */
  readonly findDrillReport: (input: { planHash: string }) => Promise<Finding>;
}

export interface ReferenceActivities {
  /** A finished rehearsal of the very same plan, if there is one. */
  readonly findRehearsal: (input: { planHash: string; environment: string }) => Promise<Finding>;
}

/** Looks for what earlier work has left: drill reports on disk, rehearsals in Temporal. */
export function referenceActivities({
  plans,
  environment,
  client,
}: Dependencies): ReferenceActivities & DrillActivities {
  return {
    async findDrillReport({ planHash }) {
      const { reports, maxAge } = (await retryably(() => plans.load(planHash))).preflight.restoreDrill;
      if (reports === undefined || maxAge === undefined) throw new Error('The plan names no folder of drill reports.');
      const folder = await retryably(() => resolve(reports, environment));
      const finding = (state: 'pass' | 'fail', detail: string): Finding => ({ name: 'restore drill', state, detail });
      const found = await drillReports(folder);
      const newest = newestOf(found.flatMap((each) => ('unreadable' in each ? [] : [each])));
      if (!newest) return finding('fail', `no drill report in ${folder}; make one with backup_restore_verify.py`);
      const broken = newestOf(found.flatMap((each) => ('unreadable' in each ? [each] : [])));
      if (broken && standsAt(broken) >= standsAt(newest))
        return finding(
          'fail',
          `${broken.name} looks like a drill report and can't be read (${broken.unreadable}), and it is newer`,
        );
      if (newest.at === undefined)
        return finding('fail', `${newest.name}: its timestamp can't be read; expected one such as 20261123T083910Z`);
      if (newest.at > Date.now() + CLOCKS_APART_MS)
        return finding(
          'fail',
          `${newest.name}: its timestamp lies in the future, ${new Date(newest.at).toISOString()}`,
        );
      const age = Math.max(0, Math.floor((Date.now() - newest.at) / 60_000) * 60_000);
      if (newest.status !== 'PASS') return finding('fail', `${newest.name}: status ${newest.status}`);
      if (age > maxAge)
        return finding(
          'fail',
          `${newest.name}: PASS, but ${lasted(age)} old; at most ${formatDuration(maxAge)} is allowed`,
        );
      return finding('pass', `${newest.name}: PASS, ${lasted(age)} old`);
    },

    async findRehearsal({ planHash, environment: name }) {
      const workflowId = workflowIdOf({ environment: name, dryRun: true });
      const finding = (state: 'pass' | 'fail', detail: string): Finding => ({ name: 'rehearsal', state, detail });
      try {
        const handle = client.workflow.getHandle(workflowId);
        const { status } = await handle.describe();
        if (status.name !== 'COMPLETED')
          return finding(
            'fail',
            `${workflowId} is ${status.name.toLowerCase()}; rehearse this plan first: golive dry-run ${name}`,
          );
        const result = (await handle.result()) as GoLiveResult;
        if (result.outcome !== 'rehearsed')
          return finding('fail', `the last rehearsal was ${result.outcome}: ${result.summary}`);
        if (result.planHash !== planHash)
          return finding(
            'fail',
            `the last rehearsal was of another plan (${result.planHash}); rehearse this one: golive dry-run ${name}`,
          );
        return finding('pass', `${workflowId} rehearsed this plan`);
      } catch (error) {
        return finding(
          'fail',
          `no rehearsal of this plan was found (${(error as Error).message}); run: golive dry-run ${name}`,
        );
      }
    },
  };
}

/** More is no report. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Found {
  readonly name: string;
  /** Of its file, epoch milliseconds: where it stands among others when it doesn't say when the drill was. */
  readonly writtenAt: number;
}
type FoundReport = Found & DrillReport;
/** It may say that the newest drill failed, and nobody can tell. */
type BrokenReport = Found & { readonly unreadable: string };

const standsAt = (report: Found & { readonly at?: number }): number => report.at ?? report.writtenAt;
const newestOf = <Report extends Found>(reports: readonly Report[]): Report | undefined =>
  [...reports].sort((a, b) => standsAt(b) - standsAt(a))[0];

/** The drill reports in a folder and the folders directly in it, whatever their names are. */
async function drillReports(folder: string): Promise<(FoundReport | BrokenReport)[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const candidates = names.filter((name) => name.endsWith('.json') && name.split(sep).length <= 2);
  const reports = await Promise.all(
    candidates.map(async (name): Promise<(FoundReport | BrokenReport)[]> => {
      const path = join(folder, name);
      const about = await stat(path);
      // A pipe may never end.
      if (!about.isFile() || about.size > MOST_BYTES) return [];
      const report = readReport(await readFile(path, 'utf8'));
      return report ? [{ ...report, name, writtenAt: about.mtimeMs }] : [];
    }),
  );
  return reports.flat();
}

function readReport(text: string): DrillReport | { unreadable: string } | undefined {
  try {
    return readDrillReport(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (!looksLikeDrillReport(text)) return undefined;
    return { unreadable: isOtherEncoding(text) ? 'it is not UTF-8' : oneLine(error.message, 200) };
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { workflowIdOf } from '../domain/input.js';
import { formatDuration } from '../domain/duration.js';
import type { Finding, GoLiveResult } from '../domain/status.js';
import { resolve } from '../plans/variables.js';
import type { Contacts } from './contacts.js';

export interface DrillActivities {
  /** Playbook §1.3: the newest restore drill report, if it is a PASS and young enough. */
  readonly findDrillReport: (input: { planHash: string }) => Promise<Finding>;
}

export interface ReferenceActivities {
  /** A finished rehearsal of the very same plan, if there is one. */
  readonly findRehearsal: (input: { planHash: string; environment: string }) => Promise<Finding>;
}

/** Looks for what earlier work has left: drill reports on disk, rehearsals in Temporal. */
export function referenceActivities({ plans, environment, client }: Contacts): ReferenceActivities & DrillActivities {
  return {
    async findDrillReport({ planHash }) {
      const { reports, maxAge } = (await plans.load(planHash)).preflight.restoreDrill;
      if (reports === undefined || maxAge === undefined) throw new Error('The plan names no folder of drill reports.');
      const folder = resolve(reports, environment);
      const finding = (state: 'pass' | 'fail', detail: string): Finding => ({ name: 'restore drill', state, detail });
      const newest = (await drillReports(folder)).sort((a, b) => b.modified - a.modified)[0];
      if (!newest) return finding('fail', `no drill report in ${folder}`);
      const age = Date.now() - newest.modified;
      if (newest.status !== 'PASS') return finding('fail', `${newest.name}: status ${newest.status}`);
      if (age > maxAge) return finding('fail', `${newest.name}: PASS, but ${formatDuration(age)} old; at most ${formatDuration(maxAge)} is allowed`);
      return finding('pass', `${newest.name}: PASS, ${formatDuration(age)} old`);
    },

    async findRehearsal({ planHash, environment: name }) {
      const workflowId = workflowIdOf({ environment: name, dryRun: true });
      const finding = (state: 'pass' | 'fail', detail: string): Finding => ({ name: 'rehearsal', state, detail });
      try {
        const handle = client.workflow.getHandle(workflowId);
        const { status } = await handle.describe();
        if (status.name !== 'COMPLETED') return finding('fail', `${workflowId} is ${status.name.toLowerCase()}; rehearse this plan first: golive dry-run ${name}`);
        const result = (await handle.result()) as GoLiveResult;
        if (result.outcome !== 'rehearsed') return finding('fail', `the last rehearsal was ${result.outcome}: ${result.summary}`);
        if (result.planHash !== planHash) return finding('fail', `the last rehearsal was of another plan (${result.planHash}); rehearse this one: golive dry-run ${name}`);
        return finding('pass', `${workflowId} rehearsed this plan`);
      } catch (error) {
        return finding('fail', `no rehearsal of this plan was found (${(error as Error).message}); run: golive dry-run ${name}`);
      }
    },
  };
}

/** JSON files with a `status` in a folder and the folders directly in it. */
async function drillReports(folder: string): Promise<{ name: string; status: string; modified: number }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isFile()) return [entry.name];
      if (!entry.isDirectory()) return [];
      return (await readdir(join(folder, entry.name))).map((name) => join(entry.name, name));
    }),
  );
  const reports = await Promise.all(
    files.flat().filter((name) => /(drill|restore_verify|restore-drill)[^/]*\.json$/.test(name)).map(async (name) => {
      const path = join(folder, name);
      try {
        const { status } = JSON.parse(await readFile(path, 'utf8')) as { status?: unknown };
        return [{ name, status: String(status), modified: (await stat(path)).mtimeMs }];
      } catch {
        return [{ name, status: 'unreadable', modified: (await stat(path)).mtimeMs }];
      }
    }),
  );
  return reports.flat();
}

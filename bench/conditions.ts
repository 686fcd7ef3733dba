import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { ownBuildId } from '../src/build-id.js';
import { findTemporalCli } from '../src/temporal/cli-binary.js';
import type { Size } from './scenario.js';

const run = promisify(execFile);

/** Under what a run of the benchmark measured. */
export interface Conditions {
  /** When it began. */
  readonly at: string;
  readonly size: Size;
  readonly machine: string;
  /** The build of the workflow code, and the commit it was built from. */
  readonly golive: string;
  readonly node: string;
  readonly server: string;
  readonly sdk: string;
}

export async function conditions(size: Size): Promise<Conditions> {
  const GIB = 2 ** 30;
  const { version: sdk } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  return {
    at: new Date().toISOString(),
    size,
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / GIB).toFixed(0)} GiB`,
    golive: [await ownBuildId(), await commit()].join(' '),
    node: process.version,
    server: await serverVersion(),
    sdk,
  };
}

/** How many wanted to run at once in the last minute, on average. */
export const load = (): number => loadavg()[0] ?? NaN;

async function serverVersion(): Promise<string> {
  const { stdout } = await run((await findTemporalCli()).path, ['--version']);
  return /Server ([\d.]+)/.exec(stdout)?.[1] ?? stdout.trim();
}

async function commit(): Promise<string> {
  try {
    const { stdout: hash } = await run('git', ['rev-parse', '--short', 'HEAD']);
    const { stdout: changed } = await run('git', ['status', '--porcelain', '--untracked-files=no']);
    return `(${hash.trim()}${changed === '' ? '' : ', changed'})`;
  } catch {
    return '(no commit known)';
  }
}

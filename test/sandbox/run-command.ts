import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.js';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in the sandbox's checkout with the sandbox's bin directory first on its PATH, and little else of this process's environment. */
export function runCommand(
  sandbox: Sandbox,
  [file = '', ...args]: string[],
  env: Record<string, string> = {},
  cwd = sandbox.info.checkout,
): Promise<Finished> {
  const path = `${sandbox.info.bin}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(file, args, { cwd, env: { PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (finished.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (finished.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...finished, code }));
  });
}

/** The playbook's deploy command for a share of the fleet in percent. */
export const deployCommand = (batch: number): string[] => [
  './deploy.sh',
  '--env',
  'prod',
  '--strategy',
  batch === 10 ? 'canary' : 'rolling',
  '--batch',
  String(batch),
];
export const rollbackCommand = (tag: string): string[] => ['./deploy.sh', '--env', 'prod', '--rollback', '--to', tag];

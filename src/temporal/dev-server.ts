import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDirectory } from '../make-directory.js';
import { findTemporalCli } from './cli-binary.js';
import { freePort, isPortFree } from './free-port.js';
import { prepareNamespace } from './namespace-setup.js';
import { beginDatabase, databaseServes } from './new-database.js';
import { endProcess, killAtExit, killGroup } from './server-process.js';
import { physicalPath, removeServerRecord, runningDevServer, writeServerRecord } from './server-record.js';
import { DYNAMIC_CONFIG, SEARCH_ATTRIBUTES, SQLITE } from './server-settings.js';
import type { DynamicConfig } from './server-settings.js';

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 10_000;
const START_ATTEMPTS = 3;

export interface DevServerOptions {
  /** The Temporal CLI's binary; found or fetched when left out. */
  readonly cli?: string;
  /** SQLite file that keeps the server's state: started again on it, the server continues. Without it everything is lost with the process. */
  readonly dbFile?: string;
  /** gRPC port; a free one when left out. */
  readonly port?: number;
  /** UI port; a free one when left out, no UI with `false`. */
  readonly uiPort?: number | false;
  /** Address to listen on. Default 127.0.0.1: the server has no access control. */
  readonly ip?: string;
  /** Created if missing. Default `default`. */
  readonly namespace?: string;
  /** Added to what golive sets anyway. */
  readonly dynamicConfig?: DynamicConfig;
  /** Appended to. Default: beside the database file, else in the folder for temporary files. */
  readonly logFile?: string;
  /** Let the server outlive this process; stop it later with `stopDevServer` or by its pid. Default false: it is killed when this process exits. */
  readonly detached?: boolean;
}

export interface DevServer {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  /** Undefined when started without UI. */
  readonly uiUrl?: string;
  readonly namespace: string;
  /** The Temporal CLI's binary it runs from. */
  readonly cli: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the server process has ended, for whatever reason, with a sentence that says how. */
  readonly ended: Promise<string>;
  /** Stops the server in order and waits until it has gone. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the Temporal CLI's development server and returns when it really serves the namespace. The server runs in its own process group,
 * so that the terminal's Ctrl-C doesn't take it away from a worker that is still finishing.
 * Throws when a server already runs on the database file, a given port is taken, or the server doesn't come up (with its last log lines).
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const cli = options.cli ?? (await findTemporalCli()).path;
  const dbFile = options.dbFile === undefined ? undefined : await databaseFile(options.dbFile);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(cli, { ...options, ...(dbFile === undefined ? {} : { dbFile }) });
    } catch (error) {
      // Between finding a free port and using it somebody else may have taken it, and the CLI picks several more of its own.
      if (!(error instanceof DiedAtStart) || attempt === START_ATTEMPTS) throw error;
    }
  }
}

/** Stops the server that runs on a database file, whoever started it. Returns false when there is none. */
export async function stopDevServer(dbFile: string): Promise<boolean> {
  const running = await runningDevServer(dbFile);
  if (!running) return false;
  await endProcess(running.pid, STOP_GRACE_MS);
  await removeServerRecord(dbFile);
  return true;
}

class DiedAtStart extends Error {}

async function startOnce(cli: string, options: DevServerOptions): Promise<DevServer> {
  const ip = options.ip ?? '127.0.0.1';
  const namespace = options.namespace ?? 'default';
  const port = options.port === undefined ? await freePort(ip) : await requireFree(ip, options.port, 'gRPC');
  const uiPort =
    options.uiPort === false
      ? undefined
      : options.uiPort === undefined
        ? await freePort(ip)
        : await requireFree(ip, options.uiPort, 'UI');
  const address = `${ip}:${port}`;
  const logFile =
    options.logFile ??
    (options.dbFile ? `${options.dbFile}.log` : path.join(tmpdir(), `golive-temporal-${process.pid}-${port}.log`));
  if (options.dbFile) await beginDatabase(options.dbFile);
  const log = await open(logFile, 'a');
  const logStart = (await log.stat()).size;
  // Its own session: neither the terminal's Ctrl-C nor a signal to our process group reaches it.
  const child = spawn(cli, serverArguments({ ip, port, uiPort }, namespace, options), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`));
  });
  const { pid } = child;
  const spare = pid === undefined || options.detached ? undefined : killAtExit(pid);
  if (options.detached) child.unref();
  child.once('exit', () => {
    if (pid !== undefined) killGroup(pid); // a script around the server would leave it
    spare?.();
  });
  await log.close();

  const starting = new AbortController();
  const preparing = prepareNamespace(address, namespace, starting.signal);
  const failure = await Promise.race([
    preparing.then(() => undefined),
    ended.then((how) => `${how} before it served namespace "${namespace}"`),
    sleep(START_TIMEOUT_MS, undefined, { signal: starting.signal }).then(
      () => `did not serve namespace "${namespace}" within ${START_TIMEOUT_MS / 1000} s`,
      () => undefined, // aborted because the race is over
    ),
  ]);
  starting.abort();
  if (failure !== undefined) {
    const cause = await preparing.catch((error: unknown) => error);
    const diedByItself = child.exitCode !== null;
    if (pid !== undefined) await endProcess(pid, STOP_GRACE_MS);
    const message = `The Temporal server at ${address} ${failure}. Its last words (${logFile}):\n${await lastLines(logFile, logStart)}`;
    throw diedByItself ? new DiedAtStart(message, { cause }) : new Error(message, { cause });
  }

  if (pid === undefined) throw new Error(`The Temporal server at ${address} has no process id although it serves.`);
  const uiUrl = uiPort === undefined ? undefined : `http://${ip}:${uiPort}`;
  const server = { address, namespace, pid, logFile, ...(uiUrl === undefined ? {} : { uiUrl }) };
  if (options.dbFile) {
    await databaseServes(options.dbFile);
    await writeServerRecord(options.dbFile, server);
  }
  return {
    ...server,
    cli,
    ended,
    stop: async () => {
      await endProcess(pid, STOP_GRACE_MS);
      if (options.dbFile) await removeServerRecord(options.dbFile);
    },
  };
}

interface Listening {
  readonly ip: string;
  readonly port: number;
  readonly uiPort: number | undefined;
}

function serverArguments(
  { ip, port, uiPort }: Listening,
  namespace: string,
  { dbFile, dynamicConfig }: DevServerOptions,
): string[] {
  const settings = Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig });
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      ip,
      '--port',
      String(port),
      '--namespace',
      namespace,
      '--log-level',
      'warn',
      '--log-format',
      'json',
    ],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(dbFile === undefined
      ? []
      : ['--db-filename', dbFile, ...SQLITE.flatMap((pragma) => ['--sqlite-pragma', pragma])]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...settings.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
  ];
}

/** Asked before the start: else a stranger's server on that port could pass for the one that was just started. */
async function requireFree(ip: string, port: number, what: string): Promise<number> {
  if (await isPortFree(ip, port)) return port;
  throw new Error(
    `The ${what} port ${port} on ${ip} is taken. Stop what listens there, choose another port, or leave the choice to golive.`,
  );
}

/** The file's physical path, in a folder that exists. Two servers on one SQLite file would destroy each other's state. */
async function databaseFile(file: string): Promise<string> {
  await makeDirectory(path.dirname(file));
  const running = await runningDevServer(file);
  if (running) {
    throw new Error(
      `A Temporal server (process ${running.pid}, ${running.address}) already runs on ${file}. Use it with TEMPORAL_ADDRESS=${running.address}, or stop it first: kill ${running.pid}`,
    );
  }
  return await physicalPath(file);
}

async function lastLines(logFile: string, logStart: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(logStart).toString('utf8').trim().split('\n').slice(-15);
  return lines.map((line) => `  ${line}`).join('\n');
}

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { writeDataSet } from '../data/data-set.js';
import { seedDataSet } from '../data/seed.js';
import { httpJson } from '../http-json.js';
import { readSandboxInfo, writeSandboxInfo, type SandboxInfo } from '../sandbox-info.js';
import { listen } from '../service/listen.js';
import { createAdmin } from './admin.js';
import { createBin, createCheckout, ensureRelease } from './checkout.js';
import { PASSWORD, USERNAME } from './credentials.js';
import { Fleet } from './fleet.js';
import type { AgentOptions } from './options.js';
import { Releases } from './releases.js';
import { stateDirectory, type StateDirectory } from './state-directory.js';

export interface Agent {
  info: SandboxInfo;
  /** Ends every process of the fleet and takes sandbox.json away. */
  stop: () => Promise<void>;
}

/** Two agents in one directory would undo each other's work. */
async function refuseSecondAgent(paths: StateDirectory): Promise<void> {
  if (!existsSync(paths.info)) return;
  const { pid, adminUrl } = readSandboxInfo(paths.dir);
  const answers = await httpJson(`${adminUrl}/slots`, { timeoutMs: 2_000 }).then(
    () => true,
    () => false,
  );
  if (answers)
    throw new Error(
      `A sandbox already runs in ${paths.dir} (pid ${pid}). Stop it (kill ${pid}) or choose another --dir.`,
    );
}

/** Starts the fleet agent in this process. An old state directory is used again: its database, checkout, releases and journal go on. */
export async function startAgent(given: AgentOptions): Promise<Agent> {
  const options = { ...given, dir: resolve(given.dir) };
  if (options.instances < 8)
    throw new Error(`Expected at least 8 instances, so that 10 % and 25 % mean something, got ${options.instances}.`);
  mkdirSync(options.dir, { recursive: true });
  const paths = stateDirectory(options.dir);
  await refuseSecondAgent(paths);
  mkdirSync(paths.artifacts, { recursive: true });
  if (!existsSync(paths.database)) writeDataSet(paths.database, seedDataSet());

  const log = pino({ name: 'fleet-agent' }, pino.destination({ dest: paths.log, sync: true }));
  const { scriptMs, deployPaceMs, release } = options;
  const releases = new Releases(paths.settings, { scriptMs, deployPaceMs, releases: { [release]: [] } });
  const fleet = new Fleet(options, paths, (name) => releases.badOf(name), log);
  const admin = createAdmin(fleet, releases, paths);
  const checkout = existsSync(paths.checkout) ? ensureRelease(paths, release) : createCheckout(paths, release);
  const [adminPort] = await Promise.all([listen(admin, 0), fleet.start(), checkout, createBin(paths)]);

  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const info: SandboxInfo = {
    pid: process.pid,
    dir: paths.dir,
    url: at(fleet.front.ports.port),
    canaryUrl: at(fleet.front.ports.canaryPort),
    adminUrl: at(adminPort),
    discoveryUrl: `${at(adminPort)}/discovery`,
    checkout: paths.checkout,
    previousCheckout: paths.previousCheckout,
    bin: paths.bin,
    artifacts: paths.artifacts,
    databaseUrl: pathToFileURL(paths.database).href,
    journal: paths.journal,
    log: paths.log,
    username: USERNAME,
    password: PASSWORD,
  };
  writeSandboxInfo(paths.info, info);
  log.info({ url: info.url, instances: options.instances, release }, 'the fleet is up');
  return {
    info,
    stop: async () => {
      rmSync(paths.info, { force: true });
      await close(admin);
      await fleet.stop();
      log.info('the fleet is down');
    },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

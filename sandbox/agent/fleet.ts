import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BadWay } from '../bad-way.js';
import type { Backend } from '../balancer.js';
import { readDataSet, writeDataSet } from '../data/data-set.js';
import { withDrift } from '../data/invariants.js';
import { httpJson } from '../http-json.js';
import type { TrafficReport } from '../traffic.js';
import { endChild, startChild } from './child.js';
import { PASSWORD, USERNAME } from './credentials.js';
import { Front } from './front.js';
import type { AgentOptions } from './options.js';
import { Slot } from './slot.js';
import type { StateDirectory } from './state-directory.js';

export interface InstanceView {
  slot: number;
  pid: number | null;
  port: number;
  release: string;
  inBalancer: boolean;
  ready: boolean;
  starts: number;
  bad: BadWay[];
}
export interface Replacement {
  slot: number;
  from: string;
  to: string;
  pid: number | null;
  /** Whether /health answered 200 in time. */
  healthy: boolean;
  /** The last status of /health, 0 for no answer. */
  lastStatus: number;
}

/** The fleet's processes: instances, balancer and traffic. */
export class Fleet {
  readonly slots: Slot[];
  readonly front: Front;
  /** The release most recently put on any instance; null before the first deploy. */
  newest: string | null = null;
  traffic: TrafficReport = { requests: 0, byStatus: {}, failed: 0 };
  readonly #options: AgentOptions;
  readonly #paths: StateDirectory;
  readonly #badOf: (release: string) => BadWay[];
  readonly #log: Logger;
  readonly #output: number;
  readonly #secret = randomUUID();
  #trafficChild: ChildProcess | null = null;
  #stopping = false;

  constructor(options: AgentOptions, paths: StateDirectory, badOf: (release: string) => BadWay[], log: Logger) {
    this.#options = options;
    this.#paths = paths;
    this.#badOf = badOf;
    this.#log = log;
    this.#output = openSync(paths.log, 'a');
    this.slots = Array.from({ length: options.instances }, (_, number) => new Slot(number, options.release));
    this.front = new Front({ port: options.port, canaryPort: options.canaryPort }, this.#output, log);
  }

  async start(): Promise<void> {
    await Promise.all([this.front.start(), ...this.slots.map((slot) => slot.exclusively(() => this.#launch(slot, 0)))]);
    for (const slot of this.slots) slot.inBalancer = true;
    await this.#serve();
    if (this.#options.traffic > 0) this.#startTraffic();
  }

  /** Replaces what runs in a slot: out of the balancer, old process ended, new one started and healthy, back into the balancer. */
  replace(number: number, release: string): Promise<Replacement> {
    const slot = this.slots[number];
    if (slot === undefined)
      return Promise.reject(new RangeError(`expected a slot from 0 to ${this.slots.length - 1}, got ${number}`));
    return slot.exclusively(async () => {
      const from = slot.release;
      slot.inBalancer = false;
      await this.#serve();
      await slot.end();
      slot.release = release;
      slot.ownBad = null;
      if (this.#badOf(release).some((bad) => bad.way === 'stock-drift')) this.drift(true);
      await this.#launch(slot, this.#options.warmUpMs);
      const lastStatus = await this.#awaitHealth(slot);
      this.newest = release;
      slot.inBalancer = true;
      // An instance that isn't healthy is served all the same: this balancer looks at no health, so the fault is there to be seen.
      await this.#serve();
      this.#log.info({ slot: number, from, to: release, lastStatus }, 'replaced');
      return { slot: number, from, to: release, pid: slot.pid, healthy: lastStatus === 200, lastStatus };
    });
  }

  /** Writes (or repairs) the data drift of a `stock-drift` release. */
  drift(drifted: boolean): void {
    writeDataSet(this.#paths.database, withDrift(readDataSet(this.#paths.database), drifted));
  }

  badOf(slot: Slot): BadWay[] {
    return slot.ownBad ?? this.#badOf(slot.release);
  }

  /** Tells the running instances what is bad about them now. */
  turnAll(): void {
    for (const slot of this.slots) slot.turn(this.badOf(slot));
  }

  view(): Promise<InstanceView[]> {
    return Promise.all(
      this.slots.map(async (slot) => ({
        slot: slot.number,
        pid: slot.pid,
        port: slot.port,
        release: slot.release,
        inBalancer: slot.inBalancer,
        ready: (await this.#status(slot, '/ready')) === 200,
        starts: slot.starts,
        bad: this.badOf(slot),
      })),
    );
  }

  /** The instances that serve, as Prometheus's HTTP service discovery wants them: one group for each, with its labels. */
  discovery(): { targets: string[]; labels: Record<string, string> }[] {
    return this.slots.flatMap(({ number, backend }) =>
      backend === null
        ? []
        : [{ targets: [`127.0.0.1:${backend.port}`], labels: { release: backend.release, slot: String(number) } }],
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const traffic = this.#trafficChild === null ? [] : [endChild(this.#trafficChild)];
    await Promise.all([...traffic, this.front.stop(), ...this.slots.map((slot) => slot.end())]);
    closeSync(this.#output);
  }

  async #launch(slot: Slot, warmUpMs: number): Promise<void> {
    const { tokenTtlSeconds } = this.#options;
    const settings = {
      release: slot.release,
      database: this.#paths.database,
      secret: this.#secret,
      password: PASSWORD,
      tokenTtlSeconds,
      warmUpMs,
      bad: this.badOf(slot),
    };
    await slot.start(settings, this.#output, () => this.#revive(slot));
    if (this.#stopping) await slot.end();
  }

  /** An instance that died by itself is started again with its own release. */
  #revive(slot: Slot): void {
    if (this.#stopping) return;
    this.#log.warn({ slot: slot.number, release: slot.release }, 'an instance ended by itself; starting it again');
    const revival = slot.exclusively(async () => {
      if (this.#stopping || slot.pid !== null) return;
      slot.inBalancer = false;
      void this.#serve();
      await pause(50);
      if (this.#stopping) return;
      await this.#launch(slot, this.#options.warmUpMs);
      slot.inBalancer = true;
      await this.#serve();
    });
    revival.catch((error: unknown) =>
      this.#log.error({ slot: slot.number, error: String(error) }, 'an instance could not be started again'),
    );
  }

  #serve(): Promise<void> {
    const backends = this.slots.map((slot) => slot.backend).filter((backend): backend is Backend => backend !== null);
    return this.front.serve(backends, this.newest);
  }

  async #awaitHealth(slot: Slot): Promise<number> {
    const deadline = performance.now() + this.#options.healthWaitMs;
    for (;;) {
      const status = await this.#status(slot, '/health');
      if (status === 200 || performance.now() > deadline) return status;
      await pause(50);
    }
  }

  async #status(slot: Slot, path: string): Promise<number> {
    try {
      return (await httpJson(`http://127.0.0.1:${slot.port}${path}`, { timeoutMs: 2_000 })).status;
    } catch {
      return 0; // No answer is a reading too.
    }
  }

  #startTraffic(): void {
    const url = `http://127.0.0.1:${this.front.ports.port}`;
    const child = startChild(
      'traffic',
      { url, requestsPerSecond: this.#options.traffic, username: USERNAME, password: PASSWORD },
      this.#output,
    );
    child.on('message', (report: TrafficReport) => (this.traffic = report));
    this.#trafficChild = child;
  }
}
